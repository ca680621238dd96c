using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Webhooks;
using Larkspur.Gateway.Webhooks.Failing;
using Larkspur.Webhooks;

namespace Larkspur.Gateway.Console.Pages.Webhooks;

/// <summary>What the page does with webhooks, under the rules of the REST API.</summary>
internal sealed class WebhookPageService(
    WebhookRestEndpoints webhooks, WebhookEndpointRegistry registry, WebhookEndpointStore stored, FailingWebhooks failing,
        WebhookTester tests,
    ConfiguredWebhooks settings)
{
    private const int MostEvents = 100;

    public Task<IReadOnlyList<WebhookView>> ListAsync(CancellationToken cancellation) => webhooks.ViewsAsync(cancellation);

    /// <summary>Adds a webhook.</summary>
    /// <returns>The secret that was made for it; it is not to be had again.</returns>
    /// <exception cref="ActionRefusedException">A field does not fit, the name is taken, or there are too many.</exception>
    public async Task<string> AddAsync(Actor who, WebhookDraft draft, CancellationToken cancellation)
    {
        var name = draft.Name.Trim();
        if (!WebhookEndpointRules.IsName(name)) throw new ActionRefusedException(WebhooksTexts.BadName);
        if (registry.IsConfigured(name)) throw new ActionRefusedException(WebhooksTexts.Taken);
        var secret = WebhookSecret.Generate();
        await PutAsync(who, name, new WebhookEndpointChange { Url = Address(draft.Address), Events = Events(draft),
            Timeout = Timeout(draft.TimeoutSeconds), Secret = secret, MustBeNew = true }, cancellation);
        return secret;
    }

    /// <summary>Changes a webhook; its secret stays.</summary>
    /// <exception cref="ActionRefusedException">A field does not fit, or it is not there any more.</exception>
    public Task ChangeAsync(Actor who, WebhookDraft draft, CancellationToken cancellation)
    {
        Changeable(draft.Name);
        return PutAsync(who, draft.Name, new WebhookEndpointChange
        {
            Url = string.IsNullOrWhiteSpace(draft.Address) ? null : Address(draft.Address), Events = Events(draft),
                Timeout = Timeout(draft.TimeoutSeconds),
        }, cancellation);
    }

    /// <summary>Replaces the secret.</summary>
    /// <returns>The new one, and until when the one before signs as well.</returns>
    /// <exception cref="ActionRefusedException">It is not there any more, or the configuration's.</exception>
    public async Task<(string Secret, DateTimeOffset PreviousUntil)> RotateAsync(Actor who, string name, CancellationToken cancellation)
    {
        Changeable(name);
        var secret = WebhookSecret.Generate();
        return (secret, await stored.RotateAsync(new KeyGrant(who), name, secret, cancellation) ?? throw new ActionRefusedException(WebhooksTexts.Missing));
    }

    /// <summary>Sends again to one that answered 410, or failed for too long.</summary>
    /// <exception cref="ActionRefusedException">It is not there any more, or answered 410 and is the configuration's.</exception>
    public async Task EnableAsync(Actor who, string name, CancellationToken cancellation)
    {
        if (registry.IsConfigured(name) && failing.IsOff(name))
        {
            await failing.EnableAsync(who, name, cancellation);
            return;
        }

        Changeable(name);
        if (!await stored.EnableAsync(new KeyGrant(who), name, cancellation)) throw new ActionRefusedException(WebhooksTexts.Missing);
    }

    /// <summary>Takes a webhook away.</summary>
    /// <param name="who">Who does it.</param>
    /// <param name="name">Which.</param>
    /// <param name="force">Also when deliveries wait for it, which become dead letters.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ActionRefusedException">It is not there any more, the configuration's, or deliveries wait that nobody was told of.</exception>
    public async Task DeleteAsync(Actor who, string name, bool force, CancellationToken cancellation)
    {
        Changeable(name);
        try
        {
            if (await stored.DeleteAsync(new KeyGrant(who), name, force, cancellation) is null) throw new ActionRefusedException(WebhooksTexts.Missing);
        }
        catch (WebhookEndpointRefusedException e)
        {
            throw new ActionRefusedException(WebhooksTexts.WaitingNow(e.Waiting));
        }
    }

    /// <summary>Sends a signed <c>webhook.test</c>, and waits for what the receiver says.</summary>
    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public Task<WebhookTestView> TestAsync(Actor who, string name, CancellationToken cancellation) =>
        registry.Find(name) is null ? throw new ActionRefusedException(WebhooksTexts.Missing) : tests.RunAsync(who, name, cancellation);

    private async Task PutAsync(Actor who, string name, WebhookEndpointChange change, CancellationToken cancellation)
    {
        try
        {
            await stored.PutAsync(new KeyGrant(who), name, change, cancellation);
        }
        catch (WebhookEndpointRefusedException e)
        {
            throw new ActionRefusedException(e.Word switch
            {
                "name_in_use" => WebhooksTexts.Taken,
                "too_many_webhooks" => WebhooksTexts.TooMany,
                _ => WebhooksTexts.Missing,
            });
        }
    }

    private void Changeable(string name)
    {
        if (registry.IsConfigured(name)) throw new ActionRefusedException(WebhooksTexts.Locked);
    }

    private Uri Address(string text)
    {
        var (url, problem) = WebhookEndpointRules.Address(text, settings.PrivateReach, $"list it in {PrivateReach.Setting}");
        return problem is null ? url! : throw new ActionRefusedException(WebhooksTexts.BadAddress(problem));
    }

    private static string[] Events(WebhookDraft draft)
    {
        string[] types = [.. draft.Chosen, .. draft.Events.Split([' ', ',', '，', '、', '\n', '\r', '\t'],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        types = types.Contains(EventChoices.Everything) ? [EventChoices.Everything] : [.. types.Distinct(StringComparer.Ordinal)];
        if (types.Length > MostEvents) throw new ActionRefusedException(WebhooksTexts.TooManyEvents(MostEvents));
        foreach (var type in types)
            if (EventTypes.ProblemOf(type) is { } problem) throw new ActionRefusedException(WebhooksTexts.BadEvent(type, problem));
        return types;
    }

    private static TimeSpan Timeout(int seconds) => TimeSpan.FromSeconds(seconds) is var timeout && WebhookEndpointRules.IsTimeout(timeout) ? timeout : throw new ActionRefusedException(WebhooksTexts.BadTimeout);
}
