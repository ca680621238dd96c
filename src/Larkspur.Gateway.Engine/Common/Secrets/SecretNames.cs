using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Common.Secrets;

/// <summary>Which settings are secrets: each may come from a file (<c>NAME_FILE</c>), and none from the command line.</summary>
internal static partial class SecretNames
{
    public const string FileSuffix = "_FILE";

    /// <summary>The key that protects what is stored encrypted.</summary>
    public const string MasterKey = "LARKSPUR_MASTER_KEY";

    /// <summary>The folder of systemd's <c>LoadCredential=</c>: a file named like a secret is that secret.</summary>
    public const string CredentialsFolder = "CREDENTIALS_DIRECTORY";

    /// <summary>The variables.</summary>
    public static readonly IReadOnlyList<string> Variables =
    [
        "FEISHU_APP_SECRET", "FEISHU_ENCRYPT_KEY", "FEISHU_VERIFICATION_TOKEN",
        "WECOM_SECRET", "WECOM_TOKEN", "WECOM_ENCODING_AES_KEY", "WECOM_AIBOT_SECRET", "WECOM_AIBOT_TOKEN", "WECOM_AIBOT_ENCODING_AES_KEY",
        "DINGTALK_CLIENT_SECRET", "DINGTALK_TOKEN", "DINGTALK_AES_KEY", "DINGTALK_EVENT_OWNER_KEY", "DINGTALK_CARD_CALLBACK_SECRET",
        "DIFY_API_KEY", "LARKSPUR_API_KEY", "LARKSPUR_ADMIN_PASSWORD", "LARKSPUR_MASTER_KEY", "LARKSPUR_MASTER_KEY_PREVIOUS", "LARKSPUR_DB",
    ];

    /// <summary>Whether a setting's value is a secret, whatever the case of its letters.</summary>
    public static bool Has(string key) => Variables.Contains(key, StringComparer.OrdinalIgnoreCase) || Nested().IsMatch(key);

    /// <summary>The secret that a setting names a file of, or null: it names none.</summary>
    public static string? OfFile(string key) =>
        key.EndsWith(FileSuffix, StringComparison.OrdinalIgnoreCase) && key[..^FileSuffix.Length] is var secret && Has(secret) ? secret
            : null;

    [GeneratedRegex("^(Feishu:Apps:[^:]+:(AppSecret|EncryptKey|VerificationToken)"
        + "|Larkspur:WeCom:Apps:[^:]+:(Secret|Token|EncodingAesKey|AiBotSecret|AiBotToken|AiBotEncodingAesKey)"
        + "|Larkspur:DingTalk:Apps:[^:]+:(ClientSecret|Token|AesKey|EventOwnerKey|CardCallbackSecret)"
        + "|Larkspur:Webhooks:[^:]+:(Url|Secret|PreviousSecret)"
        + "|Larkspur:Assistant:Backends:[^:]+:ApiKey)\\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Nested();
}
