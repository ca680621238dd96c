using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Cards;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>What was entered, in the terms of the card's inputs: dates are ISO 8601, boxes are true or false, what is empty is null.</summary>
internal static class CardFormReader
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads the form of a submit.</summary>
    /// <param name="message">The card.</param>
    /// <param name="click">The click.</param>
    /// <param name="missing">An input that must not be empty and is, or holds nothing that it can hold; null: none.</param>
    public static string Read(CardMessage message, CardClick click, out CardInput? missing)
    {
        missing = null;
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            foreach (var input in message.Inputs)
            {
                json.WritePropertyName(input.Id);
                if (!TryWrite(json, click, input)) missing ??= input;
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    private static bool TryWrite(Utf8JsonWriter json, CardClick click, CardInput input)
    {
        try
        {
            if (input.Kind == CardInputKind.Checkbox)
            {
                json.WriteBooleanValue(click.Form.Checked(input.Id) ?? false);
                return true;
            }

            var text = input.Kind == CardInputKind.Date ? click.Form.Date(input.Id)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : click.Form.Text(input.Id);
            var known = input.Kind != CardInputKind.Select || text is null || input.Options.Any(o => o.Value == text);
            json.WriteStringValue(known ? text : null);
            return known && (text is not null || !input.Required);
        }
        catch (FormatException)
        {
            // Told to the person by the input's name, like one that was left empty.
            json.WriteNullValue();
            return false;
        }
    }
}
