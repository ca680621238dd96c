using System.Text;
using System.Text.Json;

namespace Larkspur.Gateway.Doctor.Callbacks;

/// <summary>How one platform checks an app's address, and what it wants to hear.</summary>
internal interface ICallbackQuestion
{
    /// <summary>The platform's question, with a nonce of ours where the platform puts one of its own. No secret of the app stands in it
    /// in clear.</summary>
    HttpRequestMessage Ask(Uri address, string nonce);

    /// <summary>The platform would take this body of a 200.</summary>
    bool IsAnswer(byte[] body, string nonce);
}

/// <summary>Reads bodies of strangers.</summary>
internal static class CallbackAnswer
{
    /// <summary>A text of a JSON object; null: there is none, or it is no JSON.</summary>
    public static string? Text(byte[] body, string name)
    {
        try
        {
            var of = JsonSerializer.Deserialize<JsonElement>(body);
            return of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return null; // not JSON, or half a surrogate pair
        }
    }
}
