using Larkspur.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>What every page and part of the console has: its reader.</summary>
public abstract class ConsolePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    /// <summary>Begins the page's time.</summary>
    protected ConsolePage() => Gone = _gone.Token;

    /// <inheritdoc cref="Shell.Viewing"/>
    [CascadingParameter]
    public Viewing Viewing { get; set; } = null!;

    /// <inheritdoc cref="Shell.Visitor"/>
    [Inject]
    protected Visitor Visitor { get; set; } = null!;

    /// <summary>The gateway's clock.</summary>
    [Inject]
    protected TimeProvider Clock { get; set; } = null!;

    [Inject]
    private Toasts Toasts { get; set; } = null!;

    [Inject]
    private Questions Questions { get; set; } = null!;

    [Inject]
    private SecretRegistry Secrets { get; set; } = null!;

    /// <summary>Ends with the page, and can be asked afterwards too: what goes on then has to notice it.</summary>
    protected CancellationToken Gone { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Viewing.T"/>
    protected string T(LocalText text) => Viewing.T(text);

    /// <inheritdoc cref="Viewing.May"/>
    protected bool May(Role role) => Viewing.May(role);

    /// <summary>Runs <paramref name="work"/> every so often while the page is open in a browser.</summary>
    protected async Task EveryAsync(TimeSpan time, Func<Task> work)
    {
        using var ticks = new PeriodicTimer(time, Clock);
        try
        {
            while (await ticks.WaitForNextTickAsync(Gone)) await InvokeAsync(() => UnlessAwayAsync(work));
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            // The page was closed.
        }
    }

    /// <summary>A database that is away for a moment ends no page's looking.</summary>
    private static async Task UnlessAwayAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StorageUnavailableException)
        {
            // What was shown stays, and the next look may find more.
        }
    }

    /// <summary>Does something that needs a role, which is asked for now, on the server; says how it went.</summary>
    /// <returns>Whether it was done.</returns>
    protected async Task<bool> DoAsync(Role role, Func<Actor, Task> work, LocalText? done = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            await work(await Visitor.MustBeAsync(role));
            if (done is not null) Say(done);
            return true;
        }
        catch (NotAllowedException e)
        {
            Warn(e.Sentence);
        }
        catch (NotConfirmedException e)
        {
            Warn(e.Sentence);
        }
        catch (AccountRefusedException e)
        {
            Warn(e.Sentence);
        }
        catch (SettingRefusedException e)
        {
            Warn(e.Sentence);
        }
        catch (RequestRefusedException e)
        {
            Warn(RefusalTexts.Of(e));
        }
        catch (PlatformApiException e)
        {
            Warn(RefusalTexts.Of(e));
        }
        catch (PlatformNetworkException e)
        {
            Warn(RefusalTexts.Of(e));
        }
        catch (ActionRefusedException e)
        {
            Warn(e.Sentence);
        }
        catch (StorageUnavailableException)
        {
            Warn(ShellTexts.DatabaseAwayNothingChanged);
        }

        return false;
    }

    /// <summary>Does something that needs a role and a person who has proved lately to be it: asks for the password where that was too long ago. Both are judged on the server.</summary>
    /// <returns>Whether it was done.</returns>
    protected async Task<bool> DoConfirmedAsync(Role role, Func<Actor, Task> work, LocalText? done = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (await Visitor.MayAsync(role) && !await Visitor.IsConfirmedAsync() && !await IsStillThePersonAsync()) return false;
        return await DoAsync(role, async who =>
        {
            await Visitor.MustBeConfirmedAsync();
            await work(who);
        }, done);
    }

    /// <summary>Tells of a success.</summary>
    protected void Say(LocalText text) => Toasts.Show(new Toast(T(text), failed: false));

    /// <summary>Tells why something was not done; a platform may have repeated a secret in its refusal.</summary>
    protected void Warn(LocalText text) => Toasts.Show(new Toast(Secrets.Hide(T(text)), failed: true));

    /// <summary>Asks before something that is not lightly done.</summary>
    /// <param name="title">Names the dialog.</param>
    /// <param name="question">What then happens.</param>
    /// <param name="yes">The button that does it.</param>
    /// <param name="destroys">Something is gone afterwards, as with most of what is asked about; the button looks like it.</param>
    protected Task<bool> SureAsync(LocalText title, LocalText question, LocalText yes, bool destroys = true) =>
        Questions.AskAsync(new SureQuestion(T(title), T(question), T(yes), destroys), Gone);

    private Task<bool> IsStillThePersonAsync() =>
        Questions.AskAsync(new IdentityQuestion(T(ShellTexts.ConfirmItIsYou)), Gone);

    /// <summary>The page was left.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _gone.Cancel();
        _gone.Dispose();
    }
}
