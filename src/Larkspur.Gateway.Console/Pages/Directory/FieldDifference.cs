using Larkspur.Gateway.People.Directory.Rows;

namespace Larkspur.Gateway.Console.Pages.Directory;

/// <summary>A field that is different, as a part of a page is given it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">What it was; null: nothing was known.</param>
/// <param name="To">What it is; null: nothing is known.</param>
public sealed record FieldDifference(string Name, string? From, string? To)
{
    internal static IReadOnlyList<FieldDifference> Of(DirectoryChange change) =>
        [.. change.Fields.Select(f => new FieldDifference(f.Name, f.From, f.To))];
}
