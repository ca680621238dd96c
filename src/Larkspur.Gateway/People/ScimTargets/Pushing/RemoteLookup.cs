using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.People.ScimTargets.Mapping;
using Larkspur.Gateway.People.ScimTargets.Rows;

namespace Larkspur.Gateway.People.ScimTargets.Pushing;

/// <summary>
/// Finds a resource at a target: by our id of it, else by its name, in any case. Some targets ignore what is asked and answer with
/// everything, so what is answered counts only where it is what was asked for; and some find names in their own case alone. Which it is, is
/// tried once with an account that is there; a target that does not find it is read whole instead.
/// </summary>
internal sealed class RemoteLookup(
    Func<HttpMethod, string, JsonObject?, CancellationToken, Task<JsonNode?>> call, RemoteIndexes indexes)
{
    private const int OnPage = 100;

    /// <summary>A target that answers with everything is read whole, once; a larger one is not.</summary>
    private const int MostPages = 600;

    /// <summary>The same, where a page has more than was asked for.</summary>
    private const int MostItems = MostPages * OnPage;

    /// <summary>Looks for a resource.</summary>
    /// <param name="path"><c>/Users</c> or <c>/Groups</c>.</param>
    /// <param name="ours">Ids that are ours for it.</param>
    /// <param name="attribute">The attribute that is its name.</param>
    /// <param name="name">The name, in any case.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <param name="isSecond">The target says that there is one, though it was not found: it is asked, whatever it showed before.</param>
    /// <exception cref="ScimCallException">The target does not answer the question.</exception>
    public async Task<RemoteMatch> FindAsync(string path, IReadOnlyList<string> ours, string attribute, string name,
        CancellationToken cancellation, bool isSecond = false)
    {
        if (isSecond) indexes.ForgetEmpty(path);
        await ProbeAsync(path, attribute, cancellation);
        foreach (var id in ours)
        {
            var own = await ListAsync(path, PushedAttributes.ExternalId, id, attribute,
                found => found.ExternalId == id, cancellation);
            if (own.Count > 1) return Several(own);
            if (own is [var one]) return new RemoteMatch(one.Resource, null);
        }

        var named = await ListAsync(path, attribute, name, attribute,
            found => string.Equals(found.Name, name, StringComparison.OrdinalIgnoreCase), cancellation);
        var mine = named.Where(n => n.ExternalId is { } external && ours.Contains(external, StringComparer.Ordinal)).ToArray();
        if (mine is [var own1]) return new RemoteMatch(own1.Resource, null);
        if (named.Count == 0) return RemoteMatch.None;
        if (named.Count > 1) return Several(named);
        return named[0].ExternalId is { } other
            ? new RemoteMatch(null, new PushFailure("taken", Detail: Short(other)))
            : new RemoteMatch(named[0].Resource, null) { IsByName = true };
    }

    private static RemoteMatch Several(List<Found> found) => new(null, new PushFailure("duplicates",
        Detail: Short(string.Join(", ", found.Take(5).Select(f => f.Id)))));

    private static string Short(string text) => text.Length > 200 ? text[..200] : text;

    /// <summary>What the target has of an attribute's value, and is that.</summary>
    private async Task<List<Found>> ListAsync(
        string path, string asked, string value, string attribute, Func<Found, bool> isIt, CancellationToken cancellation)
    {
        if (indexes.Of(path) is { } known) return await FromIndexAsync(known, path, attribute, isIt, cancellation);
        var (items, isAll) = await AskAsync(path, asked, value, attribute, cancellation);
        if (isAll || items.TrueForAll(i => isIt(i))) return items.FindAll(i => isIt(i));
        // It has more than it shows, and something else than what was asked for: it does not filter.
        var index = await IndexAsync(path, attribute, cancellation) ?? throw new ScimCallException("unfiltered");
        indexes.Keep(path, index);
        return await FromIndexAsync(index, path, attribute, isIt, cancellation);
    }

    /// <returns>What is answered, and whether that is all there is to the question.</returns>
    private async Task<(List<Found> Items, bool IsAll)> AskAsync(
        string path, string asked, string value, string attribute, CancellationToken cancellation)
    {
        var filter = Uri.EscapeDataString($"{asked} eq {ScimBodies.Literal(value)}");
        var list = await PageAsync($"{path}?filter={filter}&startIndex=1&count={OnPage}", asked, cancellation);
        var items = Items(list, attribute);
        return (items, (ScimBodies.Number(list, "totalResults") ?? items.Count) <= items.Count);
    }

    /// <summary>Whether it finds names in any case, tried once with a name that it has.</summary>
    private async Task ProbeAsync(string path, string attribute, CancellationToken cancellation)
    {
        using var turn = await indexes.TurnAsync(path, cancellation);
        if (turn is null) return;
        var list = await PageAsync($"{path}?startIndex=1&count=10", PushedAttributes.ExternalId, cancellation);
        var some = Items(list, attribute);
        // Where there is nobody, nobody is looked for: what is made from now on is known.
        if (some.Count == 0 && ScimBodies.Number(list, "totalResults") == 0) indexes.Keep(path, new RemoteIndex { WasEmpty = true });
        var sample = some.Find(s => s.Name is { } name && Swapped(name) != name);
        if (sample is not null)
        {
            var (items, _) = await AskAsync(path, attribute, Swapped(sample.Name!), attribute, cancellation);
            var finds = items.Exists(i => i.Id == sample.Id)
                && items.TrueForAll(i => string.Equals(i.Name, sample.Name, StringComparison.OrdinalIgnoreCase));
            // One that has too many to be read is asked all the same: what it does not find in another case, it will refuse to make.
            if (!finds && await IndexAsync(path, attribute, cancellation) is { } index) indexes.Keep(path, index);
        }

        turn.Done();
    }

    private static string Swapped(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));

    private async Task<JsonNode?> PageAsync(string address, string asked, CancellationToken cancellation)
    {
        try
        {
            return await call(HttpMethod.Get, address, null, cancellation);
        }
        catch (ScimCallException e) when (e.Reason == "not_found"
            || (e.Reason is "refused" or "not_supported" && asked == PushedAttributes.ExternalId))
        {
            // Okta's kind says 404 for nobody, and some know no filter on our id.
            return null;
        }
    }

    /// <summary>Everything that the target has, by little of each; null: it has too much.</summary>
    private async Task<RemoteIndex?> IndexAsync(string path, string attribute, CancellationToken cancellation)
    {
        var index = new RemoteIndex();
        for (var (start, page) = (1, 0); page < MostPages; page++)
        {
            var list = await call(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture,
                $"{path}?startIndex={start}&count={OnPage}"), null, cancellation);
            var items = Items(list, attribute);
            var news = items.Count(index.Add);
            if (index.Count > MostItems) return null;
            start += items.Count;
            // One that knows no pages either answers with the same again.
            if (items.Count == 0 || news == 0 || start > (ScimBodies.Number(list, "totalResults") ?? 0)) return index;
        }

        return null;
    }

    private async Task<List<Found>> FromIndexAsync(
        RemoteIndex index, string path, string attribute, Func<Found, bool> isIt, CancellationToken cancellation)
    {
        var found = new List<Found>();
        foreach (var id in index.Where(isIt))
        {
            try
            {
                if (await call(HttpMethod.Get, $"{path}/{Uri.EscapeDataString(id)}", null, cancellation) is JsonObject resource
                    && Found.Of(resource, attribute) is { } now && now.Id == id && isIt(now)) found.Add(now);
            }
            catch (ScimCallException e) when (e.Reason == "not_found")
            {
                index.Remove(id);
            }
        }

        return found;
    }

    private static List<Found> Items(JsonNode? list, string attribute) => ScimBodies.Member(list, "Resources") is JsonArray items
        ? [.. items.OfType<JsonObject>().Select(i => Found.Of(i, attribute)).OfType<Found>()] : [];
}

/// <summary>What a look at a target came to.</summary>
/// <param name="Resource">The one; null: there is none, or none that may be taken.</param>
/// <param name="Trouble">Why none may be taken; null: there is none.</param>
internal sealed record RemoteMatch(JsonObject? Resource, PushFailure? Trouble)
{
    public static readonly RemoteMatch None = new(null, null);

    /// <summary>Nothing but the name says that it is theirs.</summary>
    public bool IsByName { get; init; }
}

/// <summary>A resource at a target, by what it is told apart.</summary>
internal sealed record Found(string Id, string? ExternalId, string? Name, JsonObject Resource)
{
    /// <summary>Null: it has no id, so that nothing could be done with it.</summary>
    /// <exception cref="ScimCallException"><c>bad_answer</c>: its id or name is longer than any is.</exception>
    public static Found? Of(JsonObject resource, string attribute) => ScimBodies.Id(resource) is { } id
        ? new(id, ScimBodies.Short(resource, PushedAttributes.ExternalId), ScimBodies.Short(resource, attribute), resource) : null;
}
