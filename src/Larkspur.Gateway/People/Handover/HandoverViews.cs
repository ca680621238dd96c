namespace Larkspur.Gateway.People.Handover;

/// <summary>What stands open for a person, as far as the calling key may see it.</summary>
/// <param name="Items">By kind, of a kind the newest first; at most 200 of each.</param>
/// <param name="Unknown">Platforms that did not say what stands open there.</param>
internal sealed record HandoverView(IReadOnlyList<HandoverItemView> Items, IReadOnlyList<HandoverUnknownView> Unknown);

/// <summary>Something that stands open.</summary>
/// <param name="Kind"><c>console_account</c>; <c>api_key</c>: they hold it; <c>api_key_made</c>: they made it in the console and have seen
/// its secret; <c>payment</c>: they submitted it; <c>notification</c>: it waits for their decision; <c>approval_task</c>: an approval on the
/// platform waits for their decision; <c>approval</c>: they began it.</param>
/// <param name="Id">By which it is found where its kind is.</param>
/// <param name="Name">For people; null: it has none.</param>
/// <param name="State">In its kind's own words.</param>
/// <param name="Since">When it began; null: nobody knows.</param>
/// <param name="App">The app that it goes by; null: none.</param>
internal sealed record HandoverItemView(string Kind, string Id, string? Name, string State, DateTimeOffset? Since, string? App)
{
    public static HandoverItemView Of(HandoverItem item) => new(item.Kind, item.Id, item.Name, item.State, item.Since, item.App);
}

/// <summary>A platform that did not say.</summary>
/// <param name="Platform">Which.</param>
/// <param name="Reason">Why, in the platform's words.</param>
internal sealed record HandoverUnknownView(string Platform, string Reason);
