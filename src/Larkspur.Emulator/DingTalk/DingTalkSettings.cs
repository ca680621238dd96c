namespace Larkspur.Emulator.DingTalk;

/// <summary>The emulated DingTalk organisation: what its one application with its robot accepts.</summary>
public sealed record DingTalkSettings
{
    public string CorpId { get; init; } = "dinga1b2c3d4e5f60718";
    public string ClientId { get; init; } = "dingemulatorlarkspur";
    public string ClientSecret { get; init; } = "emulator-dingtalk-secret";
    /// <summary>The robot; the application's own id unless told otherwise.</summary>
    public string RobotCode { get; init; } = "dingemulatorlarkspur";
    public long AgentId { get; init; } = 2000001;
    public string Token { get; init; } = "emulatordingtalktoken";
    /// <summary>43 characters; 32 bytes with a <c>=</c> behind it.</summary>
    public string AesKey { get; init; } = "ZW11bGF0b3ItZGluZ3RhbGstYWVzLWtleS0tLS0tLS0";
    /// <summary>Where events and robot messages go while no stream is connected; empty for none.</summary>
    public string CallbackUrl { get; init; } = "";
    /// <summary><c>standard</c>, <c>professional</c> or <c>unlimited</c>: how many calls and deliveries a month has.</summary>
    public string Edition { get; init; } = "professional";
    /// <summary>How long a card callback may take, on real time.</summary>
    public TimeSpan CardPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The platform's environment variables; what is missing takes the default.</summary>
    /// <param name="configuration">The variables.</param>
    /// <param name="gateway">The gateway's first address.</param>
    public static DingTalkSettings From(IConfiguration configuration, string gateway)
    {
        var seeded = new DingTalkSettings();
        var client = Or("DINGTALK_CLIENT_ID", seeded.ClientId);
        return new DingTalkSettings
        {
            ClientId = client,
            ClientSecret = Or("DINGTALK_CLIENT_SECRET", seeded.ClientSecret),
            RobotCode = Or("DINGTALK_ROBOT_CODE", client),
            Token = Or("DINGTALK_TOKEN", seeded.Token),
            AesKey = Or("DINGTALK_AES_KEY", seeded.AesKey),
            CallbackUrl = configuration["LARKSPUR_EMULATOR_DINGTALK_CALLBACK_URL"] ?? gateway.TrimEnd('/') + "/webhook/dingtalk",
            Edition = Or("LARKSPUR_EMULATOR_DINGTALK_EDITION", seeded.Edition),
        };

        string Or(string name, string fallback) => configuration[name] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : fallback;
    }
}
