namespace Larkspur.Emulator.WeCom;

/// <summary>The emulated WeCom corp: what its one application and its one AI bot accept.</summary>
public sealed record WeComSettings
{
    public string CorpId { get; init; } = "wwa1b2c3d4e5f60718";
    public int AgentId { get; init; } = 1000002;
    public string Secret { get; init; } = "emulator-wecom-secret";
    public string Token { get; init; } = "emulatorwecomtoken";
    /// <summary>43 characters; 32 bytes with a <c>=</c> behind it.</summary>
    public string EncodingAesKey { get; init; } = "ZW11bGF0b3Itd2Vjb20tZW5jb2RpbmctYWVzLWtleS0";
    public string AiBotId { get; init; } = "aibemulatorlarkspur0000000000001";
    public string AiBotSecret { get; init; } = "emulator-wecom-aibot-secret";
    /// <summary>Of the AI bot's callbacks; <see langword="null"/>: <see cref="Token"/>.</summary>
    public string? AiBotToken { get; init; }
    /// <summary>Of the AI bot's callbacks; <see langword="null"/>: <see cref="EncodingAesKey"/>.</summary>
    public string? AiBotEncodingAesKey { get; init; }
    /// <summary>Secret of the address-book sync; empty for none.</summary>
    public string ContactSecret { get; init; } = "emulator-wecom-contact-secret";
    /// <summary>Key of the seeded group robot's webhook.</summary>
    public string GroupRobotKey { get; init; } = "6c1d5f0a-3b7e-4d92-8f46-0a9be27c5d18";
    /// <summary>Where the application's messages and the AI bot's callbacks go; empty for none.</summary>
    public string CallbackUrl { get; init; } = "";
    /// <summary>Where the AI bot's callbacks go instead, while no long connection is open; <see langword="null"/>: <see cref="CallbackUrl"/>.</summary>
    public string? AiBotCallbackUrl { get; init; }

    /// <summary>The platform's environment variables; what is missing takes the default.</summary>
    /// <param name="configuration">The variables.</param>
    /// <param name="gateway">The gateway's first address.</param>
    public static WeComSettings From(IConfiguration configuration, string gateway)
    {
        var seeded = new WeComSettings();
        return new WeComSettings
        {
            CorpId = Or("WECOM_CORP_ID", seeded.CorpId),
            AgentId = int.TryParse(configuration["WECOM_AGENT_ID"], out var agent) ? agent : seeded.AgentId,
            Secret = Or("WECOM_SECRET", seeded.Secret),
            Token = Or("WECOM_TOKEN", seeded.Token),
            EncodingAesKey = Or("WECOM_ENCODING_AES_KEY", seeded.EncodingAesKey),
            AiBotId = Or("WECOM_AIBOT_ID", seeded.AiBotId),
            AiBotSecret = Or("WECOM_AIBOT_SECRET", seeded.AiBotSecret),
            AiBotToken = configuration["WECOM_AIBOT_TOKEN"],
            AiBotEncodingAesKey = configuration["WECOM_AIBOT_ENCODING_AES_KEY"],
            ContactSecret = Or("WECOM_CONTACT_SECRET", seeded.ContactSecret),
            GroupRobotKey = Or("WECOM_GROUP_ROBOT_KEY", seeded.GroupRobotKey),
            AiBotCallbackUrl = configuration["LARKSPUR_EMULATOR_WECOM_AIBOT_CALLBACK_URL"],
            CallbackUrl = configuration["LARKSPUR_EMULATOR_WECOM_CALLBACK_URL"] ?? gateway.TrimEnd('/') + "/webhook/wecom",
        };

        string Or(string name, string fallback) => configuration[name] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : fallback;
    }
}
