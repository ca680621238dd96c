using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Events;

/// <summary>Look of a toast.</summary>
public enum CardToastType
{
    /// <summary>Neutral.</summary>
    Info,

    /// <summary>It worked.</summary>
    Success,

    /// <summary>It did not.</summary>
    Error,

    /// <summary>Take care.</summary>
    Warning,
}

/// <summary>Answer to a card callback: nothing, a toast, another card, or toast and card.</summary>
/// <remarks>
/// Send it with HTTP 200 within 3 s, never as a redirect. The replacement must be of the JSON version of the sent card: 2.0 cannot become 1.0 (the
/// person sees error 200830).
/// </remarks>
public sealed class CardActionResponse
{
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private CardToastType _toastType;
    private string? _toast;
    private IReadOnlyDictionary<string, string>? _toastI18n;
    private string? _cardType;
    private JsonNode? _card;

    /// <summary>Leaves the card as it is and says nothing.</summary>
    public static CardActionResponse Nothing => new();

    /// <summary>A toast.</summary>
    /// <param name="type">Its look.</param>
    /// <param name="content">Its text.</param>
    /// <param name="i18n">Texts by locale (<c>zh_cn</c>, <c>en_us</c>, …), or null.</param>
    public static CardActionResponse Toast(CardToastType type, string content, IReadOnlyDictionary<string, string>? i18n = null)
        => new CardActionResponse().WithToast(type, content, i18n);

    /// <summary>Replaces the card by a complete card JSON.</summary>
    public static CardActionResponse Replace(JsonNode card) => new CardActionResponse().WithCard(card);

    /// <summary>Adds a toast.</summary>
    public CardActionResponse WithToast(CardToastType type, string content, IReadOnlyDictionary<string, string>? i18n = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        (_toastType, _toast, _toastI18n) = (type, content, i18n);
        return this;
    }

    /// <summary>Replaces the card by a complete card JSON.</summary>
    public CardActionResponse WithCard(JsonNode card)
    {
        ArgumentNullException.ThrowIfNull(card);
        (_cardType, _card) = ("raw", card.DeepClone());
        return this;
    }

    /// <summary>Replaces the card by a template made in the card tool; the app must be on the template's list.</summary>
    public CardActionResponse WithTemplate(string templateId, string? version = null, JsonObject? variables = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(templateId);
        var data = new JsonObject { ["template_id"] = templateId };
        if (version is not null) data["template_version_name"] = version;
        if (variables is not null) data["template_variable"] = variables.DeepClone();
        (_cardType, _card) = ("template", data);
        return this;
    }

    /// <summary>The body to answer with.</summary>
    /// <param name="kind">Which callback is answered: the old one wants the new card at the top level.</param>
    /// <remarks>
    /// Old callback: a template at the top level (<c>{"type":"template","data":…}</c>) and a toast beside a card are UNVERIFIED.
    /// </remarks>
    public byte[] ToUtf8Json(FeishuDeliveryKind kind)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Unescaped))
        {
            json.WriteStartObject();
            if (_toast is not null) WriteToast(json);
            if (_card is not null && kind == FeishuDeliveryKind.LegacyCardCallback) WriteLegacyCard(json);
            else if (_card is not null) WriteCard(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WriteToast(Utf8JsonWriter json)
    {
        json.WriteStartObject("toast");
        json.WriteString("type", _toastType switch
        {
            CardToastType.Success => "success",
            CardToastType.Error => "error",
            CardToastType.Warning => "warning",
            _ => "info",
        });
        json.WriteString("content", _toast);
        if (_toastI18n is { Count: > 0 })
        {
            json.WriteStartObject("i18n");
            foreach ((string locale, string text) in _toastI18n) json.WriteString(locale, text);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteCard(Utf8JsonWriter json)
    {
        json.WriteStartObject("card");
        json.WriteString("type", _cardType);
        json.WritePropertyName("data");
        _card!.WriteTo(json);
        json.WriteEndObject();
    }

    private void WriteLegacyCard(Utf8JsonWriter json)
    {
        if (_cardType == "template")
        {
            json.WriteString("type", "template");
            json.WritePropertyName("data");
            _card!.WriteTo(json);
            return;
        }

        foreach ((string name, JsonNode? value) in _card!.AsObject())
        {
            json.WritePropertyName(name);
            if (value is null) json.WriteNullValue();
            else value.WriteTo(json);
        }
    }
}
