using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>The address at which a message of an AI bot by callback may be answered once more, within the hour, by whoever knows it: sealed wherever it is stored, and called only at the platform.</summary>
internal sealed partial class ResponseAddresses(AddressSeals seals, ILogger<ResponseAddresses> logger)
{
    /// <summary>Its seal in a stored payload.</summary>
    public const string SealField = "response_seal";

    private const string Field = "response_url";
    public const string Purpose = "wecom-response-url";
    private static readonly Uri Api = new("https://qyapi.weixin.qq.com");

    /// <summary>A bot's delivery as it is stored.</summary>
    public ReadOnlyMemory<byte> Sealed(ReadOnlyMemory<byte> payload) => seals.Sealed(Purpose, payload, Field, SealField);

    /// <summary>The address; null: there is none, it cannot be read any more, or it leads elsewhere than to the platform or the base address of the settings.</summary>
    public Uri? Open(AiBotOptions bot, string? seal)
    {
        if (!Uri.TryCreate(seals.Open(Purpose, seal), UriKind.Absolute, out var address)) return null;
        // What is secret in it does not travel in clear.
        var isSafe = address.Scheme == Uri.UriSchemeHttps || address.IsLoopback;
        if (isSafe && (IsAt(address, Api) || (bot.BaseUrl is { } own && IsAt(address, own)))) return address;
        ForeignAddress(address.Host);
        return null;
    }

    /// <summary>Scheme, host and port; nothing that a reader of addresses could take for the host.</summary>
    private static bool IsAt(Uri address, Uri host) =>
        address.UserInfo.Length == 0 && Uri.Compare(address, host, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    [LoggerMessage(LogLevel.Warning, "A response address at {Host} is neither the platform's nor below WECOM_BASE_URL; it is not called")]
    private partial void ForeignAddress(string host);
}
