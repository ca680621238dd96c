using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Bots.ApproveDemo;

/// <summary>The demonstration's requests.</summary>
internal interface IDemoRequests
{
    ValueTask AddAsync(IUnitOfWork unit, DemoRequest request);

    ValueTask<DemoRequest?> FindAsync(IUnitOfWork unit, string app, string id);

    /// <summary>Records the decision, unless there is one.</summary>
    /// <returns>True for the first.</returns>
    ValueTask<bool> DecideAsync(IUnitOfWork unit, string id, DemoDecision decision, DateTimeOffset at);

    /// <summary>Records that finance was asked, unless it was.</summary>
    /// <returns>True for the first.</returns>
    ValueTask<bool> AskFinanceAsync(IUnitOfWork unit, string id, DemoMark mark);
}

/// <inheritdoc/>
internal sealed class DemoRequests : IDemoRequests
{
    public async ValueTask AddAsync(IUnitOfWork unit, DemoRequest request) => await unit.ExecuteAsync(
        "INSERT INTO demo_request (id, app, requester, requester_name, language, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        request.Id, request.App, request.Requester, request.RequesterName, request.Language.Tag(), request.CreatedAt.ToUnixTimeMilliseconds());

    public ValueTask<DemoRequest?> FindAsync(IUnitOfWork unit, string app, string id) => unit.FirstAsync("""
        SELECT id, app, requester, requester_name, language, created_at, decision, decided_by, decided_name, decided_clock,
               finance_by, finance_name, finance_clock
        FROM demo_request WHERE id = $1 AND app = $2
        """, Request, id, app);

    public async ValueTask<bool> DecideAsync(IUnitOfWork unit, string id, DemoDecision decision, DateTimeOffset at) => await unit.ExecuteAsync("""
        UPDATE demo_request SET decision = $2, decided_by = $3, decided_name = $4, decided_clock = $5, decided_at = $6 WHERE id = $1 AND decision IS NULL
        """, id, decision.Approved ? "approved" : "rejected", decision.Mark.PersonId, decision.Mark.Name, decision.Mark.Clock, at.ToUnixTimeMilliseconds()) == 1;

    public async ValueTask<bool> AskFinanceAsync(IUnitOfWork unit, string id, DemoMark mark) => await unit.ExecuteAsync(
        "UPDATE demo_request SET finance_by = $2, finance_name = $3, finance_clock = $4 WHERE id = $1 AND finance_by IS NULL",
        id, mark.PersonId, mark.Name, mark.Clock) == 1;

    private static DemoRequest Request(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        App = row.GetString(1),
        Requester = row.GetString(2),
        RequesterName = row.Text(3),
        Language = Languages.FromTag(row.GetString(4)) ?? Language.English,
        CreatedAt = row.Time(5),
        Decision = row.Text(6) is { } decision ? new DemoDecision(decision == "approved", Mark(row, 7)) : null,
        Finance = row.Text(10) is null ? null : Mark(row, 10),
    };

    private static DemoMark Mark(DbDataReader row, int column) => new(row.GetString(column), row.Text(column + 1), row.GetString(column + 2));
}
