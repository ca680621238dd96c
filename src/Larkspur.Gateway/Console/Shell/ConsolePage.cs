using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Console.Accounts;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>What every page and part of the console has: its reader.</summary>
public abstract class ConsolePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    /// <inheritdoc cref="Shell.Viewing"/>
    [CascadingParameter]
    public Viewing Viewing { get; set; } = null!;

    /// <inheritdoc cref="Shell.Visitor"/>
    [Inject]
    protected Visitor Visitor { get; set; } = null!;

    /// <summary>The gateway's clock.</summary>
    [Inject]
    protected TimeProvider Clock { get; set; } = null!;

    /// <summary>Ends with the page.</summary>
    protected CancellationToken Gone => _gone.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Viewing.T"/>
    protected string T(LocalText text) => Viewing.T(text);

    /// <summary>The text in the reader's language.</summary>
    protected string T(string zh, string en) => Viewing.Language == "zh" ? zh : en;

    /// <inheritdoc cref="Viewing.May"/>
    protected bool May(Role role) => Viewing.May(role);

    /// <summary>Runs <paramref name="work"/> every so often while the page is open in a browser.</summary>
    protected async Task EveryAsync(TimeSpan time, Func<Task> work)
    {
        using var ticks = new PeriodicTimer(time, Clock);
        try
        {
            while (await ticks.WaitForNextTickAsync(Gone)) await InvokeAsync(work);
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            // The page was closed.
        }
    }

    /// <summary>The page was left.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _gone.Cancel();
        _gone.Dispose();
    }
}
