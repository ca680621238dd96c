using System.Collections.Generic;
using System.Linq;

namespace Larkspur.TextGenerator;

/// <summary>Texts that are looked up by a word which only the running program knows.</summary>
internal sealed class TextTable
{
    public TextTable(string name, string about, IReadOnlyList<Text> texts)
    {
        Name = name;
        About = about;
        Texts = texts;
    }

    public string Name { get; }

    public string About { get; }

    public IReadOnlyList<Text> Texts { get; }
}

/// <summary>A file of texts, read and judged.</summary>
internal sealed class TextFile
{
    private readonly List<Finding> _findings = new();
    private readonly List<Text> _texts = new();
    private readonly List<TextTable> _tables = new();

    private TextFile()
    {
    }

    public IReadOnlyList<Finding> Findings => _findings;

    public IReadOnlyList<Text> Texts => _texts;

    public IReadOnlyList<TextTable> Tables => _tables;

    public static TextFile Read(string json)
    {
        var file = new TextFile();
        try
        {
            foreach (var member in file.Single(JsonReader.Read(json))) file.Add(member);
        }
        catch (NotJsonException wrong)
        {
            file._findings.Add(new Finding(Finding.NotJson, wrong.Place, wrong.Message));
        }

        return file;
    }

    private void Add(JsonMember member)
    {
        // What the file as a whole is about, for its translator.
        if (member.Name == "about" && member.Text is not null) return;
        if (!IsName(member.Name))
        {
            _findings.Add(new Finding(Finding.BadName, member.Place, member.Name));
            return;
        }

        var parts = member.Members is null ? new List<JsonMember>() : Single(member.Members).ToList();
        if (parts.Count == 0 || parts.Exists(part => part.Members is null && part.Name != "about"))
        {
            if (member.Members is null) _findings.Add(new Finding(Finding.MissingLanguage, member.Place, member.Name, "zh"));
            else if (Text.Of(member, _findings) is { } text) _texts.Add(text);
            return;
        }

        var texts = new List<Text>();
        foreach (var part in parts.Where(part => part.Members is not null))
        {
            Single(part.Members!);
            if (Text.Of(part, _findings) is { } text) texts.Add(text);
        }

        // A table answers with one kind of thing: the first text says which, and those of the other kind lack a language.
        foreach (var odd in texts.Where(text => text.English is null != texts[0].English is null))
            _findings.Add(new Finding(Finding.MissingLanguage, parts.First(part => part.Name == odd.Name).Place, odd.Name, "en"));
        _tables.Add(new TextTable(member.Name, member["about"]?.Text ?? "", texts));
    }

    /// <summary>Members without those whose name was there before.</summary>
    private IEnumerable<JsonMember> Single(List<JsonMember> members)
    {
        var known = new HashSet<string>();
        foreach (var member in members.ToArray())
        {
            if (known.Add(member.Name)) continue;
            _findings.Add(new Finding(Finding.Duplicate, member.Place, member.Name));
            members.Remove(member);
        }

        return members;
    }

    private static bool IsName(string name) =>
        name.Length > 0 && name[0] is >= 'A' and <= 'Z' && name.All(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9');
}
