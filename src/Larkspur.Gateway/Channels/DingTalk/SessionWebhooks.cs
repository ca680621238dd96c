using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Channels.DingTalk;

/// <summary>Seals the address at which a conversation can be answered without a token: whoever reads it in a stored event or message could write there.</summary>
internal sealed class SessionWebhooks(IDataProtectionProvider protection, ILogger<SessionWebhooks> logger)
{
    private const string Field = "sessionWebhook";

    private readonly Lazy<IDataProtector> _protector = new(() => protection.CreateProtector("dingtalk-session-webhook"));

    /// <summary>A robot message as it is stored: its session webhook sealed, or gone when that cannot be done (then answers go as the robot).</summary>
    public ReadOnlyMemory<byte> Sealed(ReadOnlyMemory<byte> message)
    {
        try
        {
            if (JsonNode.Parse(message.Span) is not JsonObject body || body[Field] is not JsonValue value || !value.TryGetValue(out string? address) || address.Length == 0) return message;
            body[Field] = Seal(address);
            return JsonSerializer.SerializeToUtf8Bytes(body, RowJson.Options);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Half a surrogate pair in it: JSON that is no text. No handler could read it either, so nothing of it is kept.
            return "{}"u8.ToArray();
        }
    }

    /// <summary>The address, or null when it cannot be read any more.</summary>
    public string? Open(string? seal)
    {
        if (string.IsNullOrEmpty(seal)) return null;
        try
        {
            return Encoding.UTF8.GetString(_protector.Value.Unprotect(Convert.FromBase64String(seal)));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            logger.LogWarning("A session webhook cannot be opened ({Reason}); the answer goes as the robot", e.Message);
            return null;
        }
    }

    private string? Seal(string address)
    {
        try
        {
            return Convert.ToBase64String(_protector.Value.Protect(Encoding.UTF8.GetBytes(address)));
        }
        catch (CryptographicException e)
        {
            logger.LogWarning(e, "A session webhook cannot be sealed and is not kept; answers go as the robot");
            return null;
        }
    }
}
