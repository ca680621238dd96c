using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Larkspur.Feishu.ApiGenerator.Names;

/// <summary>From wire names to C# names and back.</summary>
internal static class Words
{
    /// <summary><c>receive_id_type</c>, <c>sheetId</c>, <c>zh-CN</c>, <c>LEAVE_DAY</c> → <c>ReceiveIdType</c>, <c>SheetId</c>, <c>ZhCn</c>, <c>LeaveDay</c>.</summary>
    /// <param name="wire">The wire name.</param>
    /// <param name="digitPrefix">What stands before a leading digit.</param>
    public static string Pascal(string wire, string digitPrefix = "N")
    {
        var name = new StringBuilder();
        foreach (var word in Split(wire))
        {
            var rest = word.Substring(1);
            if (word.Length > 1 && rest.All(c => !char.IsLower(c)) && rest.Any(char.IsUpper)) rest = rest.ToLowerInvariant();

            // 2_3 and 23 must not become the same name.
            if (name.Length > 0 && char.IsDigit(name[name.Length - 1]) && char.IsDigit(word[0])) name.Append('_');
            name.Append(char.ToUpperInvariant(word[0])).Append(rest);
        }

        if (name.Length == 0) return digitPrefix;
        return char.IsDigit(name[0]) ? digitPrefix + name : name.ToString();
    }

    /// <summary>Lower-case words, camelCase taken apart.</summary>
    public static IReadOnlyList<string> Lower(string wire)
        => Split(wire).SelectMany(word => SnakeCase(word).Split('_')).ToArray();

    /// <summary>The naming policy SnakeCaseLower of System.Text.Json, for the letters that occur: a property that it maps to its wire name needs no attribute.</summary>
    public static string SnakeCase(string name)
    {
        var snake = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (char.IsUpper(c) && i > 0 && name[i - 1] != '_')
            {
                var afterLower = char.IsLower(name[i - 1]) || char.IsDigit(name[i - 1]);
                var endsAcronym = char.IsUpper(name[i - 1]) && i + 1 < name.Length && char.IsLower(name[i + 1]);
                if (afterLower || endsAcronym) snake.Append('_');
            }

            snake.Append(char.ToLower(c, CultureInfo.InvariantCulture));
        }

        return snake.ToString();
    }

    /// <summary>The name of one of a list: <c>Items</c> → <c>Item</c>.</summary>
    public static string Singular(string name)
    {
        if (name.EndsWith("ies", StringComparison.Ordinal) && name.Length > 4) return name.Substring(0, name.Length - 3) + "y";
        if (name.EndsWith("sses", StringComparison.Ordinal)) return name.Substring(0, name.Length - 2);
        if (name.EndsWith("List", StringComparison.Ordinal) && name.Length > 4) return name.Substring(0, name.Length - 4);
        var plural = name.EndsWith("s", StringComparison.Ordinal)
            && !name.EndsWith("ss", StringComparison.Ordinal) && !name.EndsWith("us", StringComparison.Ordinal) && !name.EndsWith("is", StringComparison.Ordinal);
        return plural && name.Length > 2 ? name.Substring(0, name.Length - 1) : name;
    }

    /// <summary>Puts a name under its owner without saying twice what both begin with: <c>CustomFieldPatch</c> and <c>CustomFieldOption</c> → <c>CustomFieldPatchOption</c>.</summary>
    public static string Join(string owner, string own)
    {
        var common = 0;
        while (common < owner.Length && common < own.Length && owner[common] == own[common]) common++;
        while (common > 0 && (StartsInWord(owner, common) || StartsInWord(own, common))) common--;
        if (common == 0) return owner + own;
        if (common < own.Length) return owner + own.Substring(common);

        var lastWord = own.Length - 1;
        while (lastWord > 0 && !char.IsUpper(own[lastWord])) lastWord--;
        return owner + own.Substring(lastWord);
    }

    private static bool StartsInWord(string name, int at) => at < name.Length && !char.IsUpper(name[at]);

    private static IEnumerable<string> Split(string wire)
    {
        var start = -1;
        for (var i = 0; i <= wire.Length; i++)
        {
            var inWord = i < wire.Length && (wire[i] < 128 ? char.IsLetterOrDigit(wire[i]) : char.IsLetter(wire[i]));
            if (inWord && start < 0) start = i;
            if (!inWord && start >= 0)
            {
                yield return wire.Substring(start, i - start);
                start = -1;
            }
        }
    }
}
