using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>An element that somebody else wrote as JSON.</summary>
internal sealed record RawElement : CardElement
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly byte[] _json;

    public RawElement(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Validation.CardJson.MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("tag", out _)) throw new ArgumentException("An element is an object with a tag: {\"tag\":…}.", nameof(json));
            _json = JsonSerializer.SerializeToUtf8Bytes(document.RootElement, Relaxed);
        }
        catch (JsonException e)
        {
            throw new ArgumentException("The element is not JSON; build it with the typed elements, or with a serialiser.", nameof(json), e);
        }
    }

    private protected override ReadOnlySpan<byte> Tag => default;

    internal override void Write(CardWriter w) => w.Json.WriteRawValue(_json, skipInputValidation: true);

    private protected override void WriteProperties(CardWriter w)
    {
    }
}
