using System.Text.RegularExpressions;

namespace Larkspur.Emulator.DingTalk.ApiPipeline;

/// <summary>Takes secrets out of what the inspector and logs keep.</summary>
internal static partial class DingTalkRedaction
{
    public const string TokenHeader = "x-acs-dingtalk-access-token";

    public static string Text(string text) => Parameters().Replace(Members().Replace(text, "$1\"[redacted]\""), "$1[redacted]");

    [GeneratedRegex("""("(?:appSecret|appsecret|clientSecret|client_secret|accessToken|access_token|refreshToken|refresh_token|ticket|jsapiTicket|apiSecret|aes_key|token|authCode|code(?="\s*:\s*"[0-9a-f]{32}"))"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|$)""")]
    private static partial Regex Members();

    // In queries, and in addresses that bodies name: there the amp may be escaped and the JSON may be text inside JSON.
    [GeneratedRegex("""([?&](?:access_token|appsecret|session|ticket|authCode|code|token)=|<ticket>)[^&"\\\s<]+""")]
    private static partial Regex Parameters();
}
