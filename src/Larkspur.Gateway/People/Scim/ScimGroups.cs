using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.People.Scim;

/// <summary><c>/scim/v2/Groups</c>: departments of the directories, and groups that upstreams made.</summary>
internal sealed class ScimGroups(IDatabase database, ScimGroupWrites writes) : IScimResource
{
    public async Task<IResult> ListAsync(HttpContext http, CancellationToken cancellation)
    {
        var query = ScimQuery.Of(http.Request);
        var upstream = ScimUpstream.Of(http).Name;
        var withMembers = ScimSelection.Of(http.Request).Shows("members");
        var where = new SqlConditions();
        string[] conditions = ["d.gone_at IS NULL", .. query.Terms.Select(t => ConditionOf(t, upstream, where))];
        var condition = string.Join(" AND ", conditions);
        var (total, groups) = await database.ReadAsync(async sql =>
        {
            var count = await sql.NumberAsync(
                $"SELECT COUNT(*) FROM directory_department d JOIN directory r ON r.id = d.directory WHERE {condition}", where.Values) ?? 0;
            return (count, query.Count == 0 || count < query.Start ? []
                : await ScimGroupRows.ReadAsync(sql, database.Dialect, condition, query.Page, where.Values, withMembers));
        }, cancellation);
        return ScimAnswer.List(http.Request, query, total, [.. groups.Select(g => g.View(http.Request, upstream))]);
    }

    public async Task<IResult> GetAsync(HttpContext http, string id, CancellationToken cancellation) =>
        await AnswerAsync(http, 200, id, cancellation);

    /// <summary>As it is, read outside the transaction that changed it: nobody waits for what is only shown.</summary>
    private async Task<ScimAnswer> AnswerAsync(HttpContext http, int status, string id, CancellationToken cancellation)
    {
        var withMembers = ScimSelection.Of(http.Request).Shows("members");
        var group = await database.ReadAsync(sql => ScimGroupRows.FindAsync(sql, database.Dialect, id, withMembers),
            cancellation) ?? throw ScimRefusedException.Missing();
        return ScimAnswer.Of(http.Request, status, group.View(http.Request, ScimUpstream.Of(http).Name));
    }

    public async Task<IResult> CreateAsync(HttpContext http, CancellationToken cancellation)
    {
        var state = new ScimGroupState();
        state.SetAll(await ScimBody.ReadAsync(http));
        return await AnswerAsync(http, 201, await writes.CreateAsync(ScimUpstream.Writing(http), state, cancellation), cancellation);
    }

    /// <summary>Everything anew. Without <c>members</c> they stay; an empty list takes all of them out.</summary>
    public async Task<IResult> ReplaceAsync(HttpContext http, string id, CancellationToken cancellation)
    {
        var body = await ScimBody.ReadAsync(http);
        await writes.ChangeAsync(ScimUpstream.Writing(http), id, state =>
        {
            (state.Name, state.ExternalId) = (null, null);
            state.SetAll(body);
        }, cancellation);
        return await AnswerAsync(http, 200, id, cancellation);
    }

    public async Task<IResult> PatchAsync(HttpContext http, string id, CancellationToken cancellation)
    {
        var operations = ScimPatch.Read(await ScimBody.ReadAsync(http));
        await writes.ChangeAsync(ScimUpstream.Writing(http), id, state =>
        {
            foreach (var operation in operations) state.Apply(operation);
        }, cancellation);
        return TypedResults.NoContent();
    }

    public async Task<IResult> DeleteAsync(HttpContext http, string id, CancellationToken cancellation)
    {
        await writes.DeleteAsync(ScimUpstream.Writing(http), id, cancellation);
        return TypedResults.NoContent();
    }

    private static string ConditionOf(ScimTerm term, string upstream, SqlConditions where) => term switch
    {
        { Path: { Name: "id", Sub: null }, Operator: "eq" } => ScimGroupRows.NumberOf(term.Value) is { } number
            ? $"d.id = {where.Place(number)}" : "1 = 0",
        { Path: { Name: "displayname", Sub: null } } => UserConditions.Name("d.name", term, where),
        { Path: { Name: "externalid", Sub: null }, Operator: "eq" } =>
            $"r.platform = 'scim' AND r.app = {where.Place(upstream)} AND d.custom_id = {where.Place(term.Value)}",
        { Path: { Name: "members", Sub: null or "value" }, Operator: "eq" } => $"""
            EXISTS (SELECT 1 FROM person_account a JOIN directory_member m ON m.account = a.id
            JOIN directory_membership s ON s.member = m.id
            WHERE a.person = {where.Place(term.Value)} AND m.directory = d.directory AND s.dept_key = d.dept_key)
            """,
        _ => throw ScimRefusedException.Filter("Groups are asked for by id, displayName, externalId and members.value."),
    };
}
