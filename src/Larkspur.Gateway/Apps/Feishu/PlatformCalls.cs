using Larkspur.Feishu;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Quota;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>The app that a request names, and its calls that are made at once: they wait at the same rate limiter and count to the same quota as all others.</summary>
internal sealed class PlatformCalls(FeishuApps apps, IQuota quota)
{
    /// <summary>Somebody waits for the answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>An upload takes its time.</summary>
    private static readonly TimeSpan UploadPatience = TimeSpan.FromSeconds(90);

    /// <summary>The app that a caller's request means: the one that it names, else the key's only one, else the default one.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="name">As the request names it.</param>
    /// <param name="pointer">Where the request names it.</param>
    /// <exception cref="RequestRefusedException">The key does not speak for it, no app has this name, or it is switched off or incomplete.</exception>
    public FeishuApp App(KeyGrant caller, string? name, string? pointer = "?app")
    {
        var meant = caller.AppOf(name, pointer);
        return App(name is null && meant == FeishuApps.Default ? null : meant, name is null ? null : pointer);
    }

    /// <summary>The app of a name; the default one when none is given.</summary>
    /// <param name="name">As configured.</param>
    /// <param name="pointer">Where the request names it.</param>
    /// <exception cref="RequestRefusedException">No app has this name, or it is switched off or incomplete.</exception>
    public FeishuApp App(string? name, string? pointer = "?app")
    {
        if (apps.TryGet(name ?? FeishuApps.Default, out var app)) return app;
        if (apps.Away(name ?? FeishuApps.Default) is { AppId: not null } away)
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "app_" + away.Word, name is null ? null : pointer, $"The app \"{away.Name}\" cannot be used now: {away.Reason?.English}.");
        throw new RequestRefusedException(StatusCodes.Status404NotFound, "unknown_app", name is null ? null : pointer,
            name is null ? "No default app is configured; name one." : $"No app \"{JsonFields.Shown(name)}\" is configured.");
    }

    /// <summary>Options of a call that is about to be made.</summary>
    /// <exception cref="RequestRefusedException">The month's calls are used up.</exception>
    public FeishuCallOptions Call(FeishuApp app, FeishuEndpoint endpoint, bool upload = false)
    {
        if (!quota.MayTry(app.Name, endpoint.Id))
            throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "quota", null, "The app's calls of this month are used up.");
        return new FeishuCallOptions { Timeout = upload ? UploadPatience : Patience };
    }
}
