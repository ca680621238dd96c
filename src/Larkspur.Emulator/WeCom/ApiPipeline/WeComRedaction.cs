using System.Text.RegularExpressions;

namespace Larkspur.Emulator.WeCom.ApiPipeline;

/// <summary>Takes secrets out of what the inspector keeps.</summary>
internal static partial class WeComRedaction
{
    public static string Query(string query) => Parameters().Replace(query, "$1[redacted]");

    public static string Body(string body) => Parameters().Replace(Elements().Replace(Fields().Replace(body, "$1\"[redacted]\""), "$1[redacted]"), "$1[redacted]");

    // Also inside of text: the response_url of an AI bot is an address that whoever has it may use.
    [GeneratedRegex("""([?&](?:access_token|corpsecret|secret|key|response_code|code)=)[^&"\\\s#]+""", RegexOptions.IgnoreCase)]
    private static partial Regex Parameters();

    [GeneratedRegex("""(<(?:ResponseCode|Token)><!\[CDATA\[)[^\]]+""")]
    private static partial Regex Elements();

    [GeneratedRegex("""("(?:access_token|secret|corpsecret|aeskey|user_ticket|ticket|response_code|tfa_code|code|token)"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|$)""")]
    private static partial Regex Fields();
}
