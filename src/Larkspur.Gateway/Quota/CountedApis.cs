using System.Collections.Frozen;

namespace Larkspur.Gateway.Quota;

/// <summary>Which calls the platform counts against the month.</summary>
/// <remarks>
/// Source: "Custom app API call limit" (open.feishu.cn/document/platform-notices/platform-updates-/custom-app-api-call-limit). All APIs count but those of these
/// businesses, their older versions included; they go on when the month is used up. Calls that are answered with HTTP 4xx or 5xx do not count. Whether a refusal with
/// HTTP 200 counts is not said, nor to which business some services belong (payroll, compensation, directory): they are counted here, which errs on the safe side.
/// </remarks>
internal static class CountedApis
{
    private static readonly FrozenSet<string> Free = new[]
    {
        "auth", "authen", "passport", // authentication and authorisation
        "event", // event subscription
        "contact", "user", // contacts, and their historic version
        "ehr", "corehr", // Feishu People, standard and enterprise
        "hire", "performance", "acs", "apaas", "aily", // hiring, performance, access control, app engine, AI companions
        "optical_char_recognition", "speech_to_text", "translation", "document_ai", // AI abilities
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> FreeServices = Free.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True when calls of the endpoint count.</summary>
    /// <param name="endpoint">The catalogue id: <c>service.version.resource.method</c>.</param>
    public static bool Count(ReadOnlySpan<char> endpoint)
    {
        var dot = endpoint.IndexOf('.');
        return !FreeServices.Contains(dot < 0 ? endpoint : endpoint[..dot]);
    }
}
