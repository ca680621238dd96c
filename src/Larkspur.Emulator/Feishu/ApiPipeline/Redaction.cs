using System.Text.RegularExpressions;

namespace Larkspur.Emulator.Feishu.ApiPipeline;

/// <summary>Takes secrets out of what the inspector keeps.</summary>
internal static partial class Redaction
{
    public static string Body(string body) => Tickets().Replace(SecretFields().Replace(body, "$1\"[redacted]\""), "$1[redacted]");

    // What other systems give for their approvals; "token" alone is a card's update token or the verification token of an event.
    [GeneratedRegex("""("(?:app_secret|AppSecret|ClientAssertion|client_secret|app_ticket|(?:tenant_|app_|user_)?access_token|refresh_token|action_callback_(?:token|key)|trusteeship_url_token|token)"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|$)""")]
    private static partial Regex SecretFields();

    // Of the long connection's address.
    [GeneratedRegex("""([?&]ticket=)[^&"\\\s]+""")]
    private static partial Regex Tickets();
}
