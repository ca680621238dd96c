namespace Larkspur.Gateway.Assistant;

/// <summary>A rule that says who answers: <c>Larkspur:Assistant:Routes:{n}</c>. What it names must all fit; what it does not name fits always.</summary>
public sealed class RouteOptions
{
    /// <summary>Names the route: conversations are kept by person and route. Lower-case letters, digits, <c>-</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The backend.</summary>
    public string Backend { get; set; } = "";

    /// <summary>What people read in <c>/switch</c>; null: the name.</summary>
    public string? Title { get; set; }

    /// <summary><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>, <c>web</c>.</summary>
    public string? Platform { get; set; }

    /// <summary>The app's name in the settings.</summary>
    public string? App { get; set; }

    /// <summary>The chat's id on its platform.</summary>
    public string? Chat { get; set; }

    /// <summary>The person: id, or e-mail address.</summary>
    public string? Person { get; set; }

    /// <summary>A department's id on the platform.</summary>
    public string? Department { get; set; }

    /// <summary>Words of which one must occur, without regard to case.</summary>
    public List<string> Keywords { get; set; } = [];

    /// <summary>A command without slash: <c>/hr how many days…</c> asks this route once. Then nothing else needs to fit but who may.</summary>
    public string? Command { get; set; }

    /// <summary>People may choose it by <c>/switch</c>.</summary>
    public bool Selectable { get; set; }

    /// <summary>The feature that permissions name; null: <c>assistant</c>.</summary>
    public string? Feature { get; set; }

    /// <summary>Masking of what is asked and answered, as <see cref="AssistantOptions.Masking"/>; null: as there.</summary>
    public string? Masking { get; set; }

    /// <summary>Feishu documents that a question links to are read for it. Default true.</summary>
    public bool Documents { get; set; } = true;

    /// <summary>Pictures and files of a question go to the backend. Default true; what they show is not masked.</summary>
    public bool Attachments { get; set; } = true;

    /// <summary>Questions that may come next are offered below answers, where the backend proposes any. Default false: it costs a call for each answer.</summary>
    public bool Suggestions { get; set; }

    internal IEnumerable<string> Problems(string section, AssistantOptions all)
    {
        if (Name.Length is 0 or > 40 || !Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) yield return section + "Name: lower-case letters, digits and -, at most 40";
        if (!all.Backends.ContainsKey(Backend)) yield return $"{section}Backend: there is no backend \"{Backend}\"";
        if (Platform is not (null or "" or "feishu" or "wecom" or "dingtalk" or "web")) yield return section + "Platform: feishu, wecom, dingtalk or web";
        if (Command is { Length: > 0 } command && (command.Length > 40 || command.Any(char.IsWhiteSpace) || command[0] == '/')) yield return section + "Command: a word without slash";
    }
}
