using System.Text.Encodings.Web;
using System.Text.Json;

namespace Larkspur.Feishu.Cards.Building;

/// <summary>Names of an enumeration's values on the wire: snake_case of the C# names.</summary>
internal static class WireNames<T> where T : struct, Enum
{
    private static readonly JsonEncodedText[] Names =
        [.. Enum.GetNames<T>().Select(name => JsonEncodedText.Encode(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];

    /// <exception cref="ArgumentException">The value is not one of the enumeration's.</exception>
    public static JsonEncodedText Of(T value)
    {
        var index = System.Runtime.CompilerServices.Unsafe.As<T, int>(ref value);
        return (uint)index < (uint)Names.Length ? Names[index] : throw new ArgumentException($"{typeof(T).Name} has no value {index}; use one of its names.", nameof(value));
    }
}
