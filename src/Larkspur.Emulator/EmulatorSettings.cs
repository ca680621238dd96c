using Larkspur.Emulator.Dify;
using Larkspur.Emulator.DingTalk;
using Larkspur.Emulator.WeCom;

namespace Larkspur.Emulator;

/// <summary>What a host of the emulator can be told. Register one in <c>configure</c> to replace what the environment says.</summary>
public sealed record EmulatorSettings
{
    public const string DefaultAppId = "cli_a1b2c3d4e5f60718";
    public const string DefaultAppSecret = "emulator-app-secret";
    public const string DefaultEncryptKey = "emulator-encrypt-key";
    public const string DefaultVerificationToken = "emulator-verification-token";
    public const string DefaultUrls = "http://127.0.0.1:8081";

    /// <summary>The apps of the company; the first is the one a person means by "the bot".</summary>
    public required IReadOnlyList<BotApp> Apps { get; init; }

    /// <summary>Dify's scripted apps; the first is the gateway's.</summary>
    public IReadOnlyList<DifyApp> DifyApps { get; init; } = DifyApp.Seeded(null);

    /// <summary>WeCom's corp.</summary>
    public WeComSettings WeCom { get; init; } = new();

    /// <summary>DingTalk's organisation.</summary>
    public DingTalkSettings DingTalk { get; init; } = new();

    /// <summary>Addresses to listen on, separated by semicolons.</summary>
    public string Urls { get; init; } = DefaultUrls;

    /// <summary>Under the virtual clock. Deadlines of pushes (3 s) and of card callbacks always run on real time.</summary>
    public TimeProvider RealTime { get; init; } = TimeProvider.System;

    /// <summary>How long Feishu waits for the answer to a card callback, on real time. The platform's 3 s.</summary>
    public TimeSpan CallbackPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Makes ids, tokens and fault dice the same in every run.</summary>
    public int? Seed { get; init; }

    /// <summary><c>{type,subject}</c> as seen on the wire, or <c>{scope,url}</c> as the guide shows it.</summary>
    public PermissionViolationShape PermissionViolations { get; init; } = PermissionViolationShape.TypeAndSubject;

    /// <summary>Multiplies every rate limit; 0 switches them off.</summary>
    public double RateLimitFactor { get; init; } = 1;

    /// <summary>The same for the windows of a minute alone; null: <see cref="RateLimitFactor"/>.</summary>
    public double? MinuteLimitFactor { get; init; }

    /// <summary>Contents of all messages together, in characters; the oldest are forgotten beyond it.</summary>
    public long MostMessageText { get; init; } = 64L << 20;

    /// <summary>The platforms' environment variables; a missing one takes the emulator's default, an empty one stays empty.</summary>
    public static EmulatorSettings From(IConfiguration configuration)
    {
        var gateway = First(configuration["LARKSPUR_GATEWAY_URLS"], "http://127.0.0.1:8080");
        return new EmulatorSettings
        {
            Urls = Or(configuration["LARKSPUR_EMULATOR_URLS"], DefaultUrls),
            WeCom = WeComSettings.From(configuration, gateway),
            DingTalk = DingTalkSettings.From(configuration, gateway),
            DifyApps = DifyApp.Seeded(configuration["DIFY_API_KEY"]),
            Apps =
            [
                new BotApp
                {
                    AppId = Or(configuration["FEISHU_APP_ID"], DefaultAppId),
                    AppSecret = Or(configuration["FEISHU_APP_SECRET"], DefaultAppSecret),
                    EncryptKey = configuration["FEISHU_ENCRYPT_KEY"] ?? DefaultEncryptKey,
                    VerificationToken = configuration["FEISHU_VERIFICATION_TOKEN"] ?? DefaultVerificationToken,
                    Name = "Larkspur 助手",
                    EnName = "Larkspur Assistant",
                    CallbackUrl = configuration["LARKSPUR_EMULATOR_FEISHU_CALLBACK_URL"] ?? gateway.TrimEnd('/') + "/webhook/feishu",
                    EventMode = Mode(configuration, "LARKSPUR_EMULATOR_FEISHU_EVENT_MODE"),
                    CallbackMode = Mode(configuration, "LARKSPUR_EMULATOR_FEISHU_CALLBACK_MODE"),
                    GrantedScopes = SeededScopes.Of(configuration[SeededScopes.Variable]),
                },
            ],
        };
    }

    private static SubscriptionMode Mode(IConfiguration configuration, string variable) =>
        SubscriptionModes.Parse(Or(configuration[variable], "auto")) ?? throw new InvalidOperationException($"{variable} must be auto, webhook or long_connection.");

    private static string First(string? list, string fallback) =>
        (list ?? "").Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() is { } first
            ? first.Replace("//*", "//127.0.0.1", StringComparison.Ordinal).Replace("//+", "//127.0.0.1", StringComparison.Ordinal)
                .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal)
            : fallback;

    private static string Or(string? value, string fallback) => string.IsNullOrWhiteSpace(value) ? fallback : value.Trim();
}

public enum PermissionViolationShape { TypeAndSubject, ScopeAndUrl }
