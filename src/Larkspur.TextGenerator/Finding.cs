using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Larkspur.TextGenerator;

/// <summary>What is wrong in a file of texts, and where.</summary>
internal sealed class Finding
{
    public static readonly DiagnosticDescriptor NotJson = Rule("LARK201", "Not JSON", "This is not JSON: {0}");
    public static readonly DiagnosticDescriptor MissingLanguage = Rule(
        "LARK202", "A language is missing", "{0} has no \"{1}\"; every text has \"zh\" and \"en\"");
    public static readonly DiagnosticDescriptor EmptyText = Rule("LARK203", "A text is empty", "{0} says nothing in \"{1}\"");
    public static readonly DiagnosticDescriptor OtherPlaceholders = Rule(
        "LARK204", "The languages have different placeholders",
        "{0} has {{{1}}} in \"{2}\" alone; both languages have the same placeholders");
    public static readonly DiagnosticDescriptor BadName = Rule(
        "LARK205", "A name cannot be one", "\"{0}\" cannot be the name of a text: it begins with a capital and has letters and digits");
    public static readonly DiagnosticDescriptor Duplicate = Rule("LARK206", "Twice the same name", "\"{0}\" is here twice");
    public static readonly DiagnosticDescriptor BadPlaceholder = Rule("LARK207", "A placeholder cannot be read", "{0}: {1}");
    public static readonly DiagnosticDescriptor UnknownMember = Rule(
        "LARK208", "A member means nothing", "{0} has \"{1}\"; a text has \"zh\", \"en\" and, for translators, \"about\"");

    private readonly DiagnosticDescriptor _rule;
    private readonly Place _place;
    private readonly object[] _said;

    public Finding(DiagnosticDescriptor rule, Place place, params object[] said)
    {
        _rule = rule;
        _place = place;
        _said = said;
    }

    public Diagnostic In(string path)
    {
        var at = new LinePosition(_place.Line, _place.Column);
        return Diagnostic.Create(_rule, Location.Create(path, new TextSpan(_place.At, 0), new LinePositionSpan(at, at)), _said);
    }

    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, message, "Larkspur", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
