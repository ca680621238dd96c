using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.People.Scim;

/// <summary>A filter on users as a condition of the database's, each part of it by an index or on names alone.</summary>
internal static class UserConditions
{
    /// <exception cref="ScimRefusedException"><c>invalidFilter</c>: it asks for what cannot be asked for.</exception>
    public static async ValueTask<(string Text, object?[] Values)> OfAsync(
        ISql sql, Dialect dialect, string upstream, IReadOnlyList<ScimTerm> terms)
    {
        var where = new SqlConditions();
        var texts = new List<string> { ScimPeople.Shown };
        foreach (var term in terms) texts.Add(await OfAsync(sql, dialect, upstream, term, where));
        return (string.Join(" AND ", texts), where.Values);
    }

    private static async ValueTask<string> OfAsync(ISql sql, Dialect dialect, string upstream, ScimTerm term, SqlConditions where) =>
        term switch
    {
        { Path: { Name: "id", Sub: null }, Operator: "eq" } => $"p.id = {where.Place(term.Value)}",
        { Path: { Name: "username", Sub: null }, Operator: "eq" } =>
            await UserNames.HolderAsync(sql, dialect, term.Value) is { } holder ? $"p.id = {where.Place(holder)}" : "1 = 0",
        { Path: { Name: "externalid", Sub: null }, Operator: "eq" } => $"""
            p.id IN (SELECT a.person FROM person_identity i JOIN person_account a ON a.id = i.account WHERE i.platform = 'scim'
            AND i.scope = {where.Place(upstream)} AND i.kind = 'externalId' AND i.compared = {where.Place(term.Value)})
            """,
        { Path: { Name: "emails", Type: null or "work", Sub: null or "value" }, Operator: "eq" } =>
            $"""
            p.id IN (SELECT a.person FROM person_account a
            WHERE a.email = {where.Place(term.Value.ToLowerInvariant())} AND a.platform <> 'web')
            """,
        { Path: { Name: "active", Sub: null }, Operator: "eq" } => ScimValues.Truth(term.Value) switch
        {
            true => "p.disabled_at IS NULL AND p.absence IS NULL",
            false => "(p.disabled_at IS NOT NULL OR p.absence IS NOT NULL)",
            null => throw ScimRefusedException.Filter("active is true or false."),
        },
        { Path: { Name: "employeenumber", Sub: null }, Operator: "eq" } =>
            $"""
            p.id IN (SELECT a.person FROM directory_member m JOIN person_account a ON a.id = m.account
            WHERE m.employee_no = {where.Place(term.Value)})
            """,
        { Path: { Name: "displayname", Sub: null } } =>
            $"EXISTS (SELECT 1 FROM person_account a WHERE a.person = p.id AND {Name("a.name", term, where)})",
        _ => throw ScimRefusedException.Filter(
            "Users are asked for by id, userName, externalId, emails.value, active, displayName and employeeNumber."),
    };

    /// <summary>A name as it is asked for, whatever its case.</summary>
    public static string Name(string column, ScimTerm term, SqlConditions where)
    {
        var text = term.Value.ToLowerInvariant();
        if (term.Operator == "eq") return $"LOWER({column}) = {where.Place(text)}";
        var literal = PersonFilter.Literal(text);
        return $"LOWER({column}) LIKE {where.Place((term.Operator == "co" ? "%" : "") + literal + "%")} ESCAPE '!'";
    }
}
