using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Larkspur.Client.Generator;

/// <summary>C# names of wire names.</summary>
internal static class Names
{
    // Reserved words that are likely as the names of parameters; all reserved words may be escaped the same way.
    private static readonly HashSet<string> Reserved = new(("abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed "
        + "float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc "
        + "static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while").Split(' '), StringComparer.Ordinal);

    /// <summary><c>open_ids</c>, <c>Idempotency-Key</c>, <c>api-keys</c> as OpenIds, IdempotencyKey, ApiKeys.</summary>
    public static string Pascal(string wire)
    {
        var name = new StringBuilder();
        var first = true;
        foreach (var c in wire)
        {
            if (!IsLetterOrDigit(c))
            {
                first = true;
                continue;
            }

            name.Append(first ? char.ToUpperInvariant(c) : c);
            first = false;
        }

        if (name.Length == 0) throw new FormatException($"\"{wire}\" makes no name.");
        return char.IsDigit(name[0]) ? "_" + name : name.ToString();
    }

    public static string Camel(string wire)
    {
        var name = Pascal(wire);
        name = char.ToLowerInvariant(name[0]) + name.Substring(1);
        return Reserved.Contains(name) ? "@" + name : name;
    }

    /// <summary>An operation without the name of its group: in Messages, SendMessage is Send and MergeForwardMessages is MergeForward.</summary>
    public static string WithoutGroup(string operation, string group)
    {
        foreach (var noun in Nouns(group))
        {
            var at = operation.IndexOf(noun, StringComparison.Ordinal);
            // Whole words only, and not the first: that is what is done.
            if (at > 0 && (at + noun.Length == operation.Length || char.IsUpper(operation[at + noun.Length]))) return operation.Remove(at, noun.Length);
        }

        return operation;
    }

    private static IEnumerable<string> Nouns(string group)
    {
        yield return group;
        if (group.EndsWith("ies", StringComparison.Ordinal)) yield return group.Substring(0, group.Length - 3) + "y";
        else if (group.EndsWith("xes", StringComparison.Ordinal)) yield return group.Substring(0, group.Length - 2);
        else if (group.EndsWith("s", StringComparison.Ordinal)) yield return group.Substring(0, group.Length - 1);
        if (group == "People") yield return "Person";
    }

    private static bool IsLetterOrDigit(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');
}
