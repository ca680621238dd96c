using System.Text.Json.Nodes;
using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.People.ScimTargets.Mapping;

namespace Larkspur.Gateway.People.ScimTargets.Pushing;

/// <summary>Makes and changes resources at a target: by PATCH, and by PUT where it does not take that.</summary>
internal sealed class RemoteWrites(TargetRun run)
{
    /// <summary>Changes attributes of a resource, and nothing else of it.</summary>
    /// <exception cref="ScimCallException"><c>not_found</c>: it is not there any more; and whatever else it says.</exception>
    public async Task ChangeAsync(string path, string id, PushedAttributes wanted, IReadOnlyList<string> paths,
        CancellationToken cancellation)
    {
        var address = $"{path}/{Uri.EscapeDataString(id)}";
        if (run.TakesPatch)
        {
            try
            {
                await run.CallAsync(HttpMethod.Patch, address, wanted.Patch(paths), cancellation);
                return;
            }
            catch (ScimCallException e) when (e.Reason == "not_supported")
            {
                await run.NoPatchAsync(cancellation);
            }
        }

        // What the target has besides is its own: a PUT without it would take it away.
        var resource = await WholeAsync(address, id, cancellation);
        wanted.Over(resource, paths);
        await run.CallAsync(HttpMethod.Put, address, resource, cancellation);
    }

    /// <summary>Makes a resource.</summary>
    /// <returns>Its id; null: the target did not say.</returns>
    /// <exception cref="ScimCallException"><c>conflict</c>: there is one; and whatever else it says.</exception>
    public async Task<string?> MakeAsync(string path, PushedAttributes wanted, CancellationToken cancellation)
    {
        try
        {
            return ScimBodies.Id(await run.CallAsync(HttpMethod.Post, path, wanted.Resource(), cancellation));
        }
        catch (ScimCallException e) when (e.Reason is "not_found" or "not_supported")
        {
            // Where people are there is nothing either: the address is not one of SCIM.
            throw new ScimCallException(await run.ReadAsync(cancellation) ? "not_supported" : "not_scim", e.Status, e)
            {
                ScimType = e.ScimType, Detail = e.Detail, RetryAfter = e.RetryAfter,
            };
        }
    }

    /// <summary>A resource as the target has it, without what it alone writes.</summary>
    /// <exception cref="ScimCallException"><c>not_found</c>, also where it answers with another one.</exception>
    public async Task<JsonObject> WholeAsync(string address, string id, CancellationToken cancellation)
    {
        if (await run.CallAsync(HttpMethod.Get, address, null, cancellation) is not JsonObject resource
            || ScimBodies.Text(resource, "id") != id) throw new ScimCallException("not_found");
        foreach (var name in resource.Select(m => m.Key).ToArray())
        {
            if (name.Equals("meta", StringComparison.OrdinalIgnoreCase) || name.Equals("groups", StringComparison.OrdinalIgnoreCase))
                resource.Remove(name);
        }

        return resource;
    }
}
