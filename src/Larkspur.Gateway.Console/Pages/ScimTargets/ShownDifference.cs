using Larkspur.Gateway.People.ScimTargets.Rest;

namespace Larkspur.Gateway.Console.Pages.ScimTargets;

/// <summary>What a sync would change, as a part of a page is given it.</summary>
public sealed class ShownDifference
{
    internal ShownDifference(ScimDifferenceView view) => View = view;

    internal ScimDifferenceView View { get; }
}
