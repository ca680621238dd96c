using System.Text.RegularExpressions;

namespace Larkspur.Emulator.Feishu.ApiPipeline;

/// <summary>Takes secrets out of what the inspector keeps.</summary>
internal static partial class Redaction
{
    public static string Body(string body) =>
        FormSecrets().Replace(Tickets().Replace(SecretFields().Replace(body, "$1\"[redacted]\""), "$1[redacted]"), "$1[redacted]");

    // What other systems give for their approvals; "token" alone is a card's update token or the verification token of an event.
    [GeneratedRegex("""("(?:app_secret|AppSecret|ClientAssertion|client_secret|app_ticket|(?:tenant_|app_|user_)?access_token|refresh_token|code_verifier|device_code|action_callback_(?:token|key)|trusteeship_url_token|token)"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|$)""")]
    private static partial Regex SecretFields();

    // What token endpoints are sent as a form.
    [GeneratedRegex("""((?:^|[?&])(?:client_secret|refresh_token|code_verifier|device_code|tmp_code)=)[^&"\\\s]+""")]
    private static partial Regex FormSecrets();

    // Of the long connection's address.
    [GeneratedRegex("""([?&]ticket=)[^&"\\\s]+""")]
    private static partial Regex Tickets();
}
