using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Webhooks;

/// <summary>Which webhooks there are for a caller, and which of them he may change.</summary>
internal sealed class WebhookAccess(WebhookEndpointRegistry webhooks, WebhookEndpointStore stored)
{
    public bool Exists(string name) => webhooks.Find(name) is not null || stored.Find(name) is not null;

    /// <summary>The system that it belongs to; empty: the administrators'.</summary>
    public string OwnerOf(string name) => webhooks.Find(name)?.Owner ?? stored.Find(name)?.Owner ?? "";

    /// <summary>There is such a webhook for this caller.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="RequestRefusedException">There is none, or he may not change it.</exception>
    public string Known(KeyGrant caller, string name, bool change)
    {
        if (!Exists(name) || !caller.MayRead(OwnerOf(name)) || !IsInReach(caller, name)) throw NotFound();
        return !change || caller.MayChange(OwnerOf(name)) ? name : throw KeyGrant.NotMine();
    }

    /// <summary>A key that is bound to apps sees webhooks that get nothing of others.</summary>
    public bool IsInReach(KeyGrant caller, string name) =>
        caller.Reach?.Apps is null || (webhooks.Find(name)?.Apps is { } apps && apps.All(caller.MayUse));

    /// <summary>For this caller there is none.</summary>
    public static RequestRefusedException NotFound() =>
        new(StatusCodes.Status404NotFound, "not_found", "/{name}", $"No webhook has this name. {KeyGrant.OthersHint}");
}
