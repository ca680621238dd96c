using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Larkspur.DingTalk.Cards;

/// <summary>Variables of a card's template. On the wire every value is a string; numbers, truths and lists go as JSON text.</summary>
public sealed class CardVariables
{
    /// <summary>Longest name in bytes.</summary>
    public const int MaxKeyBytes = 100;

    /// <summary>Longest value in bytes. A text that streams may be longer (<see cref="DingTalkCards.Write"/>).</summary>
    public const int MaxValueBytes = 1024;

    private readonly Dictionary<string, string> _map = new(StringComparer.Ordinal);

    /// <summary>Names and values as they are sent.</summary>
    public IReadOnlyDictionary<string, string> Map => _map;

    /// <summary>Bytes of all names and values.</summary>
    internal int Bytes => _map.Sum(p => Encoding.UTF8.GetByteCount(p.Key) + Encoding.UTF8.GetByteCount(p.Value));

    /// <summary>Sets a text.</summary>
    /// <exception cref="ArgumentException">The name is empty or longer than 100 bytes, or the value longer than 1 KB.</exception>
    public CardVariables With(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (Encoding.UTF8.GetByteCount(name) > MaxKeyBytes) throw new ArgumentException($"A card variable's name has at most {MaxKeyBytes} bytes.", nameof(name));
        if (Encoding.UTF8.GetByteCount(value) > MaxValueBytes) throw new ArgumentException($"The card variable {name} has more than {MaxValueBytes} bytes.", nameof(value));
        _map[name] = value;
        return this;
    }

    /// <summary>Sets a number.</summary>
    public CardVariables With(string name, decimal value) => With(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sets a truth.</summary>
    public CardVariables With(string name, bool value) => With(name, value ? "true" : "false");

    /// <summary>Sets a list or an object, as JSON text.</summary>
    public CardVariables WithJson(string name, object value) => With(name, JsonSerializer.Serialize(value, DingTalkJson.New));
}
