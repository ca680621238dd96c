using System;
using System.Collections.Generic;
using System.Linq;

namespace Larkspur.TextGenerator;

/// <summary>One text in both languages.</summary>
internal sealed class Text
{
    private Text(string name, string about, Template chinese, Template? english, IReadOnlyList<Value> values)
    {
        Name = name;
        About = about;
        Chinese = chinese;
        English = english;
        Values = values;
    }

    public string Name { get; }

    /// <summary>For readers of the code: what translators are told of it, else the English text itself.</summary>
    public string About { get; }

    public Template Chinese { get; }

    /// <summary>Null: English is said elsewhere, and this is its Chinese.</summary>
    public Template? English { get; }

    /// <summary>What it is filled with, in the order of the English text.</summary>
    public IReadOnlyList<Value> Values { get; }

    /// <summary>Reads a text; null when it is not right, which the findings then say.</summary>
    public static Text? Of(JsonMember member, List<Finding> findings)
    {
        foreach (var other in member.Members!.Where(m => m.Name is not ("zh" or "en" or "about")))
            findings.Add(new Finding(Finding.UnknownMember, other.Place, member.Name, other.Name));
        var isEnglishElsewhere = member["en"] is { Text: null, Members: null };
        var chinese = Said("zh");
        var english = isEnglishElsewhere ? null : Said("en");
        if (chinese is null || (english is null && !isEnglishElsewhere)) return null;
        try
        {
            if (english is not null && !AreSame()) return null;
            var values = new List<Value>();
            Gather(english ?? chinese, values);
            Gather(chinese, values);
            return new Text(member.Name, member["about"]?.Text ?? member["en"]?.Text ?? member["zh"]!.Text!, chinese, english, values);
        }
        catch (FormatException wrong)
        {
            findings.Add(new Finding(Finding.BadPlaceholder, member.Place, member.Name, wrong.Message));
            return null;
        }

        Template? Said(string language)
        {
            if (member[language] is not { Text: { } text } said)
            {
                findings.Add(new Finding(Finding.MissingLanguage, member[language]?.Place ?? member.Place, member.Name, language));
                return null;
            }

            if (text.Trim().Length == 0)
            {
                findings.Add(new Finding(Finding.EmptyText, said.Place, member.Name, language));
                return null;
            }

            try
            {
                return Template.Of(text);
            }
            catch (FormatException wrong)
            {
                findings.Add(new Finding(Finding.BadPlaceholder, said.Place, member.Name, wrong.Message));
                return null;
            }
        }

        bool AreSame()
        {
            var (zh, en) = (NamesOf(chinese), NamesOf(english!));
            foreach (var name in zh.Except(en)) Alone(name, "zh");
            foreach (var name in en.Except(zh)) Alone(name, "en");
            return zh.SetEquals(en);
        }

        void Alone(string name, string language) =>
            findings.Add(new Finding(Finding.OtherPlaceholders, member[language]!.Place, member.Name, name, language));
    }

    private static HashSet<string> NamesOf(Template template)
    {
        var values = new List<Value>();
        Gather(template, values);
        return new HashSet<string>(values.Select(value => value.Name));
    }

    private static void Gather(Template template, List<Value> values)
    {
        foreach (var piece in template.Pieces.Where(piece => piece.Name.Length > 0))
        {
            var known = values.Find(value => value.Name == piece.Name);
            if (known is null) values.Add(known = new Value(piece.Name));
            known.Learn(piece);
            if (piece.One is null) continue;
            Gather(piece.One, values);
            Gather(piece.Many!, values);
        }
    }
}

/// <summary>A value that a text is filled with: its type and format are said once, in either language, and hold for both.</summary>
internal sealed class Value
{
    public Value(string name) => Name = name;

    public string Name { get; }

    /// <summary>As it is declared; empty: it is not.</summary>
    public string Type { get; private set; } = "";

    /// <summary>It chooses between one and many, so it is a number.</summary>
    public bool IsCounted { get; private set; }

    /// <summary>Its C# type; empty: any.</summary>
    public string Kind => Type.Length == 0 && IsCounted ? "long" : Type;

    public string Format { get; private set; } = "";

    /// <exception cref="FormatException">It is declared to be two things.</exception>
    public void Learn(Piece piece)
    {
        if (Differ(Type, piece.Type) || Differ(Format, piece.Format))
            throw new FormatException($"{{{Name}}} has two types or formats; say them once, for both languages");
        if (Type.Length == 0) Type = piece.Type;
        IsCounted |= piece.One is not null;
        if (Format.Length == 0) Format = piece.Format;
    }

    private static bool Differ(string known, string said) => known.Length > 0 && said.Length > 0 && known != said;
}
