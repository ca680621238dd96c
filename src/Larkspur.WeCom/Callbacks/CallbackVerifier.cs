using System.Globalization;

namespace Larkspur.WeCom.Callbacks;

/// <summary>Signature, then freshness, then decryption: the same for an app's XML and a bot's JSON.</summary>
internal sealed class CallbackVerifier(CallbackCipher cipher, TimeSpan window, TimeProvider clock)
{
    /// <summary>Largest body; real ones stay under 20 KB.</summary>
    public const int MaxBodyBytes = 1 << 20;

    /// <summary>Longest part of a query that is looked at; real ones have 40, 10 and under 40 characters, an echo about 100.</summary>
    private const int MaxPart = 256;
    private const int MaxEcho = 4096;

    private static readonly string[] RefusalNames = Array.ConvertAll(Enum.GetNames<WeComRefusal>(), System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName);

    public CallbackCipher Cipher => cipher;

    public TimeProvider Clock => clock;

    /// <summary>Proves and opens what was encrypted.</summary>
    public WeComRefusal Open(in WeComCallbackQuery query, string? encrypted, out byte[] plain)
    {
        plain = [];
        if (string.IsNullOrEmpty(query.Signature) || string.IsNullOrEmpty(query.Timestamp) || string.IsNullOrEmpty(query.Nonce) || string.IsNullOrEmpty(encrypted))
        {
            return WeComRefusal.MissingSignature;
        }

        if (query.Signature.Length > MaxPart || query.Timestamp.Length > MaxPart || query.Nonce.Length > MaxPart
            || !cipher.Verify(query.Signature, query.Timestamp, query.Nonce, encrypted))
        {
            return WeComRefusal.WrongSignature;
        }

        if (!IsFresh(query.Timestamp)) return WeComRefusal.OutsideWindow;
        try
        {
            plain = cipher.Decrypt(encrypted);
            return WeComRefusal.None;
        }
        catch (CallbackCipherException exception)
        {
            return exception.Problem == CallbackCipherProblem.ForSomebodyElse ? WeComRefusal.WrongReceiver : WeComRefusal.Undecryptable;
        }
    }

    /// <summary>The platform checks the address.</summary>
    public WeComReception<T> CheckAddress<T>(in WeComCallbackQuery query) where T : class
    {
        if (query.Echo is { Length: > MaxEcho }) return WeComReception<T>.Refused(WeComRefusal.TooLarge);
        WeComRefusal refusal = Open(query, query.Echo, out byte[] echo);
        return refusal == WeComRefusal.None ? WeComReception<T>.Checked(echo) : WeComReception<T>.Refused(refusal);
    }

    public static WeComReception<T> Count<T>(string kind, WeComReception<T> reception) where T : class
    {
        string outcome = reception.Echo is not null ? "address_check" : reception.Delivery is not null ? "delivered" : RefusalNames[(int)reception.Refusal];
        WeComTelemetry.Callbacks.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));
        return reception;
    }

    /// <summary>Fresh in both directions: an old request may be a replay, one from the future a prepared one.</summary>
    private bool IsFresh(string timestamp)
        => timestamp.Length <= 11 && long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
           && (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= window;
}
