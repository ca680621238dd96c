using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Larkspur.Cli.Syncs;

/// <summary>A sync in a file, YAML or JSON (which is YAML too): its name, and the rest of it as the REST API takes it.</summary>
internal sealed class SyncFile
{
    /// <summary>More than any sync has: an alias of an alias of an alias would fill the memory.</summary>
    private const int MostNodes = 50_000;

    private const int Deepest = 30;

    private readonly string _path;
    private readonly Dictionary<string, long> _lines;

    private SyncFile(string path, string name, JsonObject body, Dictionary<string, long> lines) =>
        (_path, Name, Body, _lines) = (path, name, body, lines);

    public string Name { get; }

    /// <summary>As the REST API takes it.</summary>
    public JsonObject Body { get; }

    /// <exception cref="CallFailure">It cannot be read, is no YAML, or has no name.</exception>
    public static async Task<SyncFile> ReadAsync(string path, CancellationToken cancellation)
    {
        var text = await InputFile.TextAsync(path, cancellation);
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        var body = Parse(path, text, lines);
        if (body["name"] is not JsonValue named || named.GetValueKind() != System.Text.Json.JsonValueKind.String)
            throw Wrong(path, lines.GetValueOrDefault("/name", 1), "name", "A sync needs a name: lower-case letters, digits, - and _.");
        body.Remove("name");
        return new(path, named.GetValue<string>(), body, lines);
    }

    /// <summary>What the gateway refuses, with the line of the file.</summary>
    public CallFailure Told(CallFailure refused)
    {
        if (refused.Pointer is not { } pointer || refused.Sentence is not { } sentence) return refused;
        if (pointer == "/{name}") return Wrong(_path, _lines["/name"], "name", sentence);
        if (!pointer.StartsWith('/')) return refused;
        return LineOf(pointer) is { } line
            ? Wrong(_path, line, pointer[1..].Replace('/', '.'), sentence, refused.ExitCode) : refused;
    }

    /// <summary>Where something of the file stands: <c>orders.yaml:12: fields.3.column</c>.</summary>
    public string PlaceOf(string pointer) => LineOf(pointer) is { } line
        ? $"{_path}:{line.ToString(CultureInfo.InvariantCulture)}: {pointer[1..].Replace('/', '.')}" : pointer;

    /// <summary>What is missing has no line: that of what it is missing in.</summary>
    private long? LineOf(string pointer)
    {
        for (var at = pointer; ; at = at[..Math.Max(0, at.LastIndexOf('/'))])
        {
            if (_lines.TryGetValue(at, out var line)) return line;
            if (at.Length == 0) return null;
        }
    }

    private static JsonObject Parse(string path, string text, Dictionary<string, long> lines)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count != 1)
                throw new CallFailure(ExitCodes.Usage,
                    $"{InputFile.NameOf(path)} holds {stream.Documents.Count} documents: write one sync in a file.");
            var count = 0;
            return Node(path, stream.Documents[0].RootNode, "", lines, ref count, 0) as JsonObject
                ?? throw new CallFailure(ExitCodes.Usage, $"{InputFile.NameOf(path)} holds no sync: it begins with name: and table:.");
        }
        catch (YamlException e)
        {
            throw Wrong(path, e.Start.Line, null, e.InnerException?.Message ?? e.Message);
        }
    }

    private static JsonNode? Node(
        string path, YamlNode node, string pointer, Dictionary<string, long> lines, ref int count, int depth)
    {
        if (++count > MostNodes || depth > Deepest) throw Wrong(path, node.Start.Line, null, "It is far too large for a sync.");
        lines.TryAdd(pointer, node.Start.Line);
        switch (node)
        {
            case YamlMappingNode mapping:
                var members = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    if (key is not YamlScalarNode { Value: { Length: > 0 } name })
                        throw Wrong(path, key.Start.Line, null, "A member has a name.");
                    var at = $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
                    lines[at] = key.Start.Line;
                    members[name] = Node(path, value, at, lines, ref count, depth + 1);
                }

                return members;
            case YamlSequenceNode list:
                var items = new JsonArray();
                foreach (var item in list.Children)
                    items.Add(Node(path, item, $"{pointer}/{items.Count}", lines, ref count, depth + 1));
                return items;
            case YamlScalarNode scalar:
                return Scalar(scalar);
            default:
                throw Wrong(path, node.Start.Line, null, "It is no value.");
        }
    }

    /// <summary>The core schema of YAML 1.2: <c>no</c> and <c>off</c> are words.</summary>
    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)) return JsonValue.Create(text);
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                && whole.ToString(CultureInfo.InvariantCulture) == text => JsonValue.Create(whole),
            _ when char.IsAsciiDigit(text[^1]) && text.Contains('.', StringComparison.Ordinal) && decimal.TryParse(text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) =>
                JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    private static CallFailure Wrong(string path, long line, string? member, string sentence, int exit = ExitCodes.Usage) => new(exit,
        $"{(path == "-" ? "-" : path)}:{line.ToString(CultureInfo.InvariantCulture)}: {(member is null ? "" : member + ": ")}{sentence}");
}
