using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Tables.Open;

namespace Larkspur.Gateway.Tables.Searching;

/// <summary>Names of fields in an address, between commas: <c>Name, "Price, net"</c>; to sort by, each with <c>desc</c> behind it or
/// not.</summary>
internal static class NameList
{
    /// <summary>The fields that are named.</summary>
    /// <exception cref="RequestRefusedException">It is no such list.</exception>
    public static IReadOnlyList<string> Fields(string text, string pointer) => [.. Read(text, pointer, sorts: false).Select(s => s.Field)];

    /// <summary>What is sorted by.</summary>
    /// <inheritdoc cref="Fields"/>
    public static IReadOnlyList<TableSort> Sorts(string text, string pointer) => Read(text, pointer, sorts: true);

    /// <summary>All of them are there.</summary>
    /// <exception cref="RequestRefusedException"><c>unknown_field</c>.</exception>
    public static void Demand(IEnumerable<string> names, TableFields fields, string pointer)
    {
        if (names.FirstOrDefault(name => fields.Find(name) is null) is { } unknown)
            throw RequestRefusedException.Impossible("unknown_field", pointer, Names.Field(unknown, fields));
    }

    private static List<TableSort> Read(string text, string pointer, bool sorts)
    {
        var read = new List<TableSort>();
        var words = new List<FilterToken>();
        foreach (var token in new FilterScanner(text, pointer).Read())
        {
            if (token.Kind is FilterTokenKind.Word or FilterTokenKind.Quoted)
            {
                words.Add(token);
                continue;
            }

            if (token.Kind == FilterTokenKind.Sign && token.Text != ",") throw FilterScanner.Wrong(pointer, token, TablesTexts.QuoteSigns);
            if (words.Count == 0) throw FilterScanner.Wrong(pointer, token, TablesTexts.ExpectedField);
            read.Add(One(words, sorts));
            words.Clear();
        }

        return read;
    }

    /// <summary>Blanks in a bare name are its own.</summary>
    private static TableSort One(List<FilterToken> words, bool sorts)
    {
        var down = sorts && words.Count > 1 && words[^1].Is("desc");
        var named = down || (sorts && words.Count > 1 && words[^1].Is("asc")) ? words[..^1] : words;
        return new(string.Join(' ', named.Select(word => word.Text)), down);
    }
}
