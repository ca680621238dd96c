using System.CommandLine;
using System.CommandLine.Parsing;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Operations;

/// <summary>The options that select rows.</summary>
internal sealed class FilterOptions
{
    private readonly List<(string Name, Option Option, Func<ParseResult, string?> Read)> _options = [];

    public FilterOptions(Box box)
    {
        Text("app", "--app", "Only rows of this app.");
        Text("key", "--key", box == Box.Inbox ? "Only rows with this ordering key, like chat:oc_…" : "Only rows to this chat, person or card.");
        Text("reason", "--reason", "Only rows with this reason.");
        if (box == Box.Inbox) Text("event_type", "--type", "Only events of this type, like im.message.receive_v1.");
        Time("since", "--since", "Only rows from this time on.");
        Time("until", "--until", "Only rows before this time.");
    }

    public void AddTo(Command command)
    {
        foreach (var (_, option, _) in _options) command.Add(option);
    }

    public bool IsGiven(CommandResult result) => _options.Exists(o => result.GetResult(o.Option) is not null);

    /// <summary>As the API names them.</summary>
    public List<(string Name, string Value)> Query(ParseResult parsed) =>
        [.. _options.Select(o => (o.Name, Value: o.Read(parsed))).Where(p => p.Value is not null).Select(p => (p.Name, p.Value!))];

    private void Text(string name, string option, string help)
    {
        var text = new Option<string?>(option) { Description = help };
        _options.Add((name, text, parsed => parsed.GetValue(text)));
    }

    private void Time(string name, string option, string help)
    {
        var time = PointInTime.Option(option, help);
        _options.Add((name, time, parsed => parsed.GetValue(time) is { } at ? PointInTime.Iso(at) : null));
    }
}
