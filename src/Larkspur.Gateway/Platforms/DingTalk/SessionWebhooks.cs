namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>The address at which a conversation can be answered without a token: sealed wherever it is stored.</summary>
internal sealed class SessionWebhooks(AddressSeals seals)
{
    public const string Purpose = "dingtalk-session-webhook";
    private const string Field = "sessionWebhook";

    /// <summary>A robot message as it is stored: its session webhook sealed, or gone when that cannot be done (then answers go as the robot).</summary>
    public ReadOnlyMemory<byte> Sealed(ReadOnlyMemory<byte> message) => seals.Sealed(Purpose, message, Field, Field);

    /// <summary>The address, or null when it cannot be read any more.</summary>
    public string? Open(string? seal) => seals.Open(Purpose, seal);
}
