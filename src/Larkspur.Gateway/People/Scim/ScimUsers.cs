using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Scim;

/// <summary><c>/scim/v2/Users</c>: people, read by whoever may read people, and written by who provisioned them.</summary>
internal sealed class ScimUsers(IDatabase database, ScimUserWrites writes) : IScimResource
{
    public async Task<IResult> ListAsync(HttpContext http, CancellationToken cancellation)
    {
        var query = ScimQuery.Of(http.Request);
        var upstream = ScimUpstream.Of(http).Name;
        var (total, people) = await database.ReadAsync(async sql =>
        {
            var (condition, values) = await UserConditions.OfAsync(sql, database.Dialect, upstream, query.Terms);
            var count = await sql.NumberAsync($"SELECT COUNT(*) FROM person p WHERE {condition}", values) ?? 0;
            return (count, query.Count == 0 || count < query.Start ? []
                : await ScimPeople.ReadAsync(sql, database.Dialect, condition, query.Page, values));
        }, cancellation);
        return ScimAnswer.List(http.Request, query, total, [.. people.Select(p => ScimUserView.Of(p, http.Request, upstream))]);
    }

    public async Task<IResult> GetAsync(HttpContext http, string id, CancellationToken cancellation) =>
        Answer(http, 200, await database.ReadAsync(sql => ScimPeople.FindAsync(sql, database.Dialect, id), cancellation)
            ?? throw ScimRefusedException.Missing());

    public async Task<IResult> CreateAsync(HttpContext http, CancellationToken cancellation)
    {
        var state = new ScimUserState();
        state.SetAll(await ScimBody.ReadAsync(http));
        return Answer(http, 201, await writes.CreateAsync(ScimUpstream.Writing(http), state, cancellation));
    }

    /// <summary>Everything anew. What is absent is taken away, but for <c>active</c>: nobody is let in again by what is not said.</summary>
    public async Task<IResult> ReplaceAsync(HttpContext http, string id, CancellationToken cancellation)
    {
        var body = await ScimBody.ReadAsync(http);
        return Answer(http, 200, await writes.ChangeAsync(ScimUpstream.Writing(http), id, state =>
        {
            (state.UserName, state.ExternalId) = (null, null);
            foreach (var name in state.Fields.Keys.ToArray()) state.Fields[name] = null;
            state.SetAll(body);
        }, cancellation));
    }

    public async Task<IResult> PatchAsync(HttpContext http, string id, CancellationToken cancellation)
    {
        var operations = ScimPatch.Read(await ScimBody.ReadAsync(http));
        return Answer(http, 200, await writes.ChangeAsync(ScimUpstream.Writing(http), id, state =>
        {
            foreach (var operation in operations) state.Set(operation.Path, operation.Removes ? null : operation.Value,
                operation.Kind == "add");
        }, cancellation));
    }

    public async Task<IResult> DeleteAsync(HttpContext http, string id, CancellationToken cancellation)
    {
        await writes.DeleteAsync(ScimUpstream.Writing(http), id, cancellation);
        return TypedResults.NoContent();
    }

    private static ScimAnswer Answer(HttpContext http, int status, ScimPerson person) =>
        ScimAnswer.Of(http.Request, status, ScimUserView.Of(person, http.Request, ScimUpstream.Of(http).Name));
}
