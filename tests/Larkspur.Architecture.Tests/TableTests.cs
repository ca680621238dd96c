using System.Text.RegularExpressions;

namespace Larkspur.Architecture.Tests;

/// <summary>A table has one owner: the room whose SQL alone names it.</summary>
public sealed partial class TableTests
{
    private const string Schema = "src/Larkspur.Gateway/Storage/Migrations/0001_first_schema.sql";

    /// <summary>Tables that other rooms' SQL still names: the owner, and those rooms. A line goes when its room asks the owner instead; none may come.</summary>
    private static readonly Dictionary<string, (string Owner, string[] Others)> Shared = new(StringComparer.Ordinal)
    {
        ["inbox"] = ("Inbox", ["Outbox", "Queueing", "Storage"]),
        ["outbox"] = ("Outbox", ["Queueing", "Storage"]),
        ["card_stream"] = ("Streams", ["Messages"]),
        ["card_stream_page"] = ("Streams", ["Messages"]),
        ["assistant_turn"] = ("Assistant", ["Platforms", "Streams"]),
    };

    [Fact]
    public void Only_its_owners_SQL_names_a_table()
    {
        var tables = Table().Matches(Repository.Read(Schema)).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        Assert.True(tables.Count > 50);
        var named = Repository.Files("src/Larkspur.Gateway", ".cs")
            .SelectMany(path => Use().Matches(Repository.Read(path)).Select(match => (Table: match.Groups[1].Value, Room: path.Split('/')[2])))
            .Where(use => tables.Contains(use.Table)).Distinct()
            .GroupBy(use => use.Table, use => use.Room, StringComparer.Ordinal);
        foreach (var use in named)
        {
            var rooms = use.Order(StringComparer.Ordinal).ToArray();
            var expected = Shared.TryGetValue(use.Key, out var known) ? [.. known.Others.Append(known.Owner).Order(StringComparer.Ordinal)] : rooms[..1];
            Assert.True(expected.SequenceEqual(rooms), $"Table {use.Key} is named by {string.Join(", ", rooms)}; expected: {string.Join(", ", expected)}");
        }
    }

    [GeneratedRegex(@"CREATE TABLE (\w+)")]
    private static partial Regex Table();

    [GeneratedRegex(@"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)")]
    private static partial Regex Use();
}
