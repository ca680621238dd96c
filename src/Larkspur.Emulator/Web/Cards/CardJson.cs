using System.Globalization;
using System.Text.Json;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>Reads of card JSON that never throw: a card is written by strangers, and what is missing or of the wrong type is simply absent.</summary>
public static class CardJson
{
    extension(JsonElement json)
    {
        public bool IsObject => json.ValueKind == JsonValueKind.Object;

        public bool IsArray => json.ValueKind == JsonValueKind.Array;

        public bool Exists => json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

        /// <summary>The member, or an undefined element.</summary>
        public JsonElement At(string name) =>
            json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var child) ? child : default;

        public string? Text(string name) => json.At(name).AsText();

        /// <summary>Strings as they are, numbers and booleans as written, everything else absent.</summary>
        public string? AsText() => json.ValueKind switch
        {
            JsonValueKind.String => json.GetString(),
            JsonValueKind.Number => json.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        };

        public bool Flag(string name, bool otherwise = false) => json.At(name).ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => otherwise,
        };

        public int? Number(string name) =>
            int.TryParse(json.Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

        public IEnumerable<JsonElement> Items(string name) =>
            json.At(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

        public IEnumerable<JsonProperty> Members() =>
            json.ValueKind == JsonValueKind.Object ? json.EnumerateObject() : [];

        /// <summary>Follows a pointer like <c>/body/elements/0/columns/1</c>; undefined when it leads nowhere.</summary>
        public JsonElement Follow(string pointer)
        {
            var here = json;
            foreach (var step in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                here = here.ValueKind switch
                {
                    JsonValueKind.Object => here.At(step),
                    JsonValueKind.Array when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                        && index < here.GetArrayLength() => here[index],
                    _ => default,
                };
            }

            return here;
        }
    }
}
