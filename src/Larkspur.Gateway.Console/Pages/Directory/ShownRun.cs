using Larkspur.Gateway.People.Directory.Rows;

namespace Larkspur.Gateway.Console.Pages.Directory;

/// <summary>A run as a part of a page is given it.</summary>
public sealed class ShownRun
{
    internal ShownRun(RunRow row) => Row = row;

    internal RunRow Row { get; }
}
