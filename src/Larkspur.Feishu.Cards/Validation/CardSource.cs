using System.Text;
using System.Text.Json;

namespace Larkspur.Feishu.Cards;

/// <summary>The text of a card, and where in it each value stands: for editors, which mark lines and change pieces of a text.</summary>
/// <remarks>A text that breaks off has the places of its readable beginning.</remarks>
public sealed class CardSource
{
    private readonly string _text;
    private readonly byte[] _utf8;
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<(int Parent, string Name), int> _children = [];

    private CardSource(string text) => (_text, _utf8) = (text, Encoding.UTF8.GetBytes(text));

    /// <summary>Finds the places of a text.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    public static CardSource Of(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var source = new CardSource(json);
        try
        {
            source.Read();
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The validator says what is wrong with the text; the places until there hold.
        }

        return source;
    }

    /// <summary>The line of a value, from 1; of one that is not there, the line of the nearest one around it.</summary>
    public int LineOf(string pointer)
    {
        ArgumentNullException.ThrowIfNull(pointer);
        var (node, _) = Nearest(pointer);
        if (node < 0) return 1;
        var start = _nodes[node].NameStart >= 0 ? _nodes[node].NameStart : _nodes[node].Start;
        return _utf8.AsSpan(0, start).Count((byte)'\n') + 1;
    }

    /// <summary>The text with a change made to it.</summary>
    /// <returns>The same text where the change has no place in it: nothing is there to be removed or renamed.</returns>
    public string With(CardQuickFix fix)
    {
        ArgumentNullException.ThrowIfNull(fix);
        var (node, left) = Nearest(fix.Pointer);
        if (node < 0) return _text;
        if (left is [var name] && fix.Json is { } added) return _nodes[node].IsObject ? Insert(node, fix.Name ?? name, added) : _text;
        if (left.Length > 0) return _text;
        var found = _nodes[node];
        if (fix is { Name: null, Json: null }) return Remove(node);
        var text = fix.Json is { } json ? Splice(_utf8, found.Start, found.End, json) : _utf8;
        if (fix.Name is { } renamed && found.NameStart >= 0) text = Splice(text, found.NameStart, found.NameEnd, Quoted(renamed));
        return Encoding.UTF8.GetString(text);
    }

    private static string Quoted(string name) => JsonSerializer.Serialize(name);

    private static byte[] Splice(ReadOnlySpan<byte> text, int start, int end, string with) =>
        [.. text[..start], .. Encoding.UTF8.GetBytes(with), .. text[end..]];

    private string Insert(int parent, string name, string json)
    {
        var around = _nodes[parent];
        var member = $"{Quoted(name)}: {json}";
        if (around.LastChild < 0) return Encoding.UTF8.GetString(Splice(_utf8, around.Start, around.End, $"{{{member}}}"));
        // Set apart as the last member is from what is before it.
        var last = _nodes[around.LastChild];
        var from = last.NameStart;
        while (from > 0 && _utf8[from - 1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') from--;
        var gap = Encoding.UTF8.GetString(_utf8, from, last.NameStart - from);
        return Encoding.UTF8.GetString(Splice(_utf8, last.End, last.End, $",{(gap.Length == 0 && last.Previous < 0 ? " " : gap)}{member}"));
    }

    private string Remove(int node)
    {
        var found = _nodes[node];
        if (found.Parent < 0) return _text;
        var start = found.NameStart >= 0 ? found.NameStart : found.Start;
        if (found.Next >= 0)
        {
            var next = _nodes[found.Next];
            return Encoding.UTF8.GetString(Splice(_utf8, start, next.NameStart >= 0 ? next.NameStart : next.Start, ""));
        }

        return Encoding.UTF8.GetString(Splice(_utf8, found.Previous >= 0 ? _nodes[found.Previous].End : start, found.End, ""));
    }

    /// <summary>The value that a pointer names, or the nearest one around it, and the segments that lead nowhere; -1: there is no
    /// text.</summary>
    private (int Node, string[] Left) Nearest(string pointer)
    {
        var segments = pointer.Length == 0 ? [] : pointer[1..].Split('/');
        if (_nodes.Count == 0) return (-1, segments);
        var node = 0;
        for (var i = 0; i < segments.Length; i++)
        {
            var name = segments[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (!_children.TryGetValue((node, name), out var child)) return (node, [name, .. segments[(i + 1)..]]);
            node = child;
        }

        return (node, []);
    }

    private void Read()
    {
        var reader = new Utf8JsonReader(_utf8, new JsonReaderOptions { MaxDepth = 100 });
        var open = new Stack<int>();
        var (nameStart, nameEnd, name) = (-1, -1, "");
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    (nameStart, nameEnd) = ((int)reader.TokenStartIndex, (int)reader.TokenStartIndex + reader.ValueSpan.Length + 2);
                    name = reader.GetString()!;
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _nodes[open.Pop()].End = (int)reader.BytesConsumed;
                    continue;
            }

            var parent = open.TryPeek(out var around) ? around : -1;
            var isItem = parent >= 0 && !_nodes[parent].IsObject;
            var node = new Node(parent, (int)reader.TokenStartIndex, reader.TokenType == JsonTokenType.StartObject)
            {
                End = (int)reader.BytesConsumed, NameStart = isItem ? -1 : nameStart, NameEnd = isItem ? -1 : nameEnd,
            };
            Add(node, isItem ? (_nodes[parent].Count++).ToString(System.Globalization.CultureInfo.InvariantCulture) : name);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) open.Push(_nodes.Count - 1);
        }
    }

    private void Add(Node node, string name)
    {
        var index = _nodes.Count;
        _nodes.Add(node);
        if (node.Parent < 0) return;
        var parent = _nodes[node.Parent];
        node.Previous = parent.LastChild;
        if (parent.LastChild >= 0) _nodes[parent.LastChild].Next = index;
        parent.LastChild = index;
        // Of two members with one name the last is the one that readers take.
        _children[(node.Parent, name)] = index;
    }

    private sealed class Node(int parent, int start, bool isObject)
    {
        public int Parent { get; } = parent;

        public int Start { get; } = start;

        public bool IsObject { get; } = isObject;

        public int End { get; set; }

        public int NameStart { get; init; }

        public int NameEnd { get; init; }

        public int Count { get; set; }

        public int Previous { get; set; } = -1;

        public int Next { get; set; } = -1;

        public int LastChild { get; set; } = -1;
    }
}
