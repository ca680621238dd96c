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
internal sealed class SqliteDemoRequests : IDemoRequests
{
    public ValueTask AddAsync(IUnitOfWork unit, DemoRequest request)
    {
        SqliteUnitOfWork.Of(unit).Execute("INSERT INTO demo_request (id, app, requester, requester_name, language, created_at) VALUES (@1, @2, @3, @4, @5, @6)",
            request.Id, request.App, request.Requester, request.RequesterName, request.Language.Tag(), request.CreatedAt.ToUnixTimeMilliseconds());
        return ValueTask.CompletedTask;
    }

    public ValueTask<DemoRequest?> FindAsync(IUnitOfWork unit, string app, string id)
    {
        using var reader = SqliteUnitOfWork.Of(unit).Query("""
            SELECT id, app, requester, requester_name, language, created_at, decision, decided_by, decided_name, decided_clock,
                   finance_by, finance_name, finance_clock
            FROM demo_request WHERE id = @1 AND app = @2
            """, id, app);
        if (!reader.Read()) return new((DemoRequest?)null);
        return new(new DemoRequest
        {
            Id = reader.GetString(0),
            App = reader.GetString(1),
            Requester = reader.GetString(2),
            RequesterName = Text(3),
            Language = Languages.FromTag(reader.GetString(4)) ?? Language.English,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(5)),
            Decision = Text(6) is { } decision ? new DemoDecision(decision == "approved", Mark(7)) : null,
            Finance = Text(10) is null ? null : Mark(10),
        });

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        DemoMark Mark(int column) => new(reader.GetString(column), Text(column + 1), reader.GetString(column + 2));
    }

    public ValueTask<bool> DecideAsync(IUnitOfWork unit, string id, DemoDecision decision, DateTimeOffset at) => new(SqliteUnitOfWork.Of(unit).Execute("""
        UPDATE demo_request SET decision = @2, decided_by = @3, decided_name = @4, decided_clock = @5, decided_at = @6 WHERE id = @1 AND decision IS NULL
        """, id, decision.Approved ? "approved" : "rejected", decision.Mark.PersonId, decision.Mark.Name, decision.Mark.Clock, at.ToUnixTimeMilliseconds()) == 1);

    public ValueTask<bool> AskFinanceAsync(IUnitOfWork unit, string id, DemoMark mark) => new(SqliteUnitOfWork.Of(unit).Execute(
        "UPDATE demo_request SET finance_by = @2, finance_name = @3, finance_clock = @4 WHERE id = @1 AND finance_by IS NULL",
        id, mark.PersonId, mark.Name, mark.Clock) == 1);
}
