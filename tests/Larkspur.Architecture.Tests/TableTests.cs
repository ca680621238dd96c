using System.Text.RegularExpressions;

namespace Larkspur.Architecture.Tests;

/// <summary>A table has one owner: the room whose SQL alone names it.</summary>
public sealed partial class TableTests
{
    private const string Schema = "src/Larkspur.Gateway.Engine/Storage/Migrations/0001_first_schema.sql";

    [Fact]
    public void Only_its_owners_SQL_names_a_table()
    {
        var tables = Table().Matches(Repository.Read(Schema)).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        Assert.True(tables.Count > 50);
        var named = Rooms.Files(".cs")
            .SelectMany(path => Use().Matches(Repository.Read(path)).Select(match => (Table: match.Groups[1].Value, Rooms.OfFile(path).Room)))
            .Where(use => tables.Contains(use.Table)).Distinct()
            .GroupBy(use => use.Table, use => use.Room, StringComparer.Ordinal);
        foreach (var use in named)
        {
            var rooms = use.Order(StringComparer.Ordinal).ToArray();
            Assert.True(rooms.Length == 1, $"Table {use.Key} is named by {string.Join(", ", rooms)}: one of them owns it, the others ask it");
        }
    }

    [GeneratedRegex(@"CREATE TABLE (\w+)")]
    private static partial Regex Table();

    [GeneratedRegex(@"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)")]
    private static partial Regex Use();
}
