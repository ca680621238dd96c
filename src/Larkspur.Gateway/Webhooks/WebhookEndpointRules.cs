using System.Net;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Common.Egress;

namespace Larkspur.Gateway.Webhooks;

/// <summary>What a webhook may be, however it was named: in the configuration or at run time. A problem never repeats an address: its path may be a secret.</summary>
internal static partial class WebhookEndpointRules
{
    private const int LongestUrl = 2000;

    public const int LeastTimeoutSeconds = 1;
    public const int MostTimeoutSeconds = 120;

    public static readonly TimeSpan LeastTimeout = TimeSpan.FromSeconds(LeastTimeoutSeconds);
    public static readonly TimeSpan MostTimeout = TimeSpan.FromSeconds(MostTimeoutSeconds);

    /// <summary>Lower-case letters, digits and <c>-</c>, at most 40.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>A word with full stops, or <c>*</c>.</summary>
    public static bool IsEventType(string type) => EventType().IsMatch(type);

    public static bool IsTimeout(TimeSpan timeout) => timeout >= LeastTimeout && timeout <= MostTimeout;

    /// <summary>Reads and judges an address.</summary>
    /// <param name="text">As it was given.</param>
    /// <param name="reach">Which private addresses may be meant.</param>
    /// <param name="permission">What to do where one is: the setting, in words.</param>
    /// <returns>The address, or what is wrong with it.</returns>
    public static (Uri? Url, string? Problem) Address(string? text, PrivateReach reach, string permission)
    {
        if (string.IsNullOrEmpty(text)) return (null, "missing. It is where the webhooks are posted to");
        if (text.Length > LongestUrl) return (null, $"longer than {LongestUrl} characters");
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0) return (null, "is not an https address");
        return Problem(url, reach, permission) is { } problem ? (null, problem) : (url, null);
    }

    /// <summary>What is already known to be wrong; names are resolved and judged at each connection.</summary>
    private static string? Problem(Uri url, PrivateReach allowed, string permission)
    {
        if (url.UserInfo.Length > 0) return "has a user name or password in it. Webhooks are signed instead; take it out";
        if (url.Fragment.Length > 0) return "has a fragment (#…), which is never sent";
        var literal = IPAddress.TryParse(url.IdnHost, out var address) ? address
            : url.IdnHost is "localhost" || url.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : null;
        var reach = literal is null ? (AddressReach?)null : AddressRules.ReachOf(literal);
        var allowPrivate = literal is null ? allowed.MayHold(url.IdnHost) : allowed.Holds(url.IdnHost, literal);
        if (reach == AddressReach.Never) return "is an address that no business system has (link-local, metadata service, multicast, reserved)";
        if (reach == AddressReach.Private && !allowPrivate) return $"is a private address. If it is meant, {permission}";
        return url.Scheme == "http" && !allowPrivate ? $"must be https. Only inside your own network http is taken; {permission}" : null;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}\\z")]
    private static partial Regex Name();

    [GeneratedRegex("^(\\*|[A-Za-z0-9_.-]{1,100})\\z")]
    private static partial Regex EventType();
}
