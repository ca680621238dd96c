using System.Text.Json;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>Somebody can write the database, and changes what the audit log says of him: the verification names the line.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class AuditChainTests : IAsyncLifetime
{
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        for (var i = 1; i <= 6; i++) await _gateway.MakeKeyAsync("system " + i, ["status:read"]);
    }

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_log_that_nobody_touched_fits()
    {
        var verdict = await VerifyAsync();
        Assert.True(verdict.GetProperty("ok").GetBoolean(), verdict.GetRawText());
        Assert.Equal(6, verdict.GetProperty("lines").GetInt64());
        var head = verdict.GetProperty("head").GetString()!;
        Assert.StartsWith(verdict.GetProperty("last").GetInt64() + ":", head, StringComparison.Ordinal);
        await _gateway.MakeKeyAsync("one more", ["status:read"]);
        Assert.True((await VerifyAsync("?head=" + head)).GetProperty("ok").GetBoolean());
        Assert.Equal(400, (await _gateway.AskAsync("/audit/verify?head=nonsense")).Status);
    }

    [Theory]
    [InlineData("UPDATE audit SET who = 'somebody else' WHERE id = 3")]
    [InlineData("UPDATE audit SET at = at - 1 WHERE id = 3")]
    [InlineData("UPDATE audit SET what = 'api_key.viewed' WHERE id = 3")]
    [InlineData("UPDATE audit SET subject = NULL WHERE id = 3")]
    [InlineData("UPDATE audit SET detail = '{}' WHERE id = 3")]
    [InlineData("UPDATE audit SET address = '10.0.0.1' WHERE id = 3")]
    [InlineData("UPDATE audit SET seal = NULL WHERE id = 3")]
    [InlineData("UPDATE audit SET subject = COALESCE(subject, '') || who, who = '' WHERE id = 3")]
    public async Task An_edited_line_is_named(string sql)
    {
        await _gateway.DamageAsync(sql);
        await NamesAsync(3, null);
    }

    [Fact]
    public async Task A_deleted_line_is_named_by_the_one_after_it()
    {
        await _gateway.DamageAsync("DELETE FROM audit WHERE id = 3");
        await NamesAsync(4, "changed");
    }

    [Fact]
    public async Task An_inserted_line_is_named()
    {
        // In the middle, with a seal that was stolen from another line, and renumbered so that nothing is missing.
        await _gateway.DamageAsync("UPDATE audit SET id = id + 100 WHERE id > 3");
        await _gateway.DamageAsync("INSERT INTO audit (id, at, who, what, subject, seal) SELECT 4, at, 'api', 'api_key.created', 'forged', seal FROM audit WHERE id = 3");
        await NamesAsync(4, "changed");
    }

    [Fact]
    public async Task A_line_that_is_put_behind_the_end_is_named_and_no_later_line_makes_it_good()
    {
        await _gateway.DamageAsync("INSERT INTO audit (id, at, who, what, subject) SELECT 50, at, 'api', 'api_key.created', 'forged' FROM audit WHERE id = 3");
        await NamesAsync(50, "unsealed");
        await _gateway.DamageAsync("UPDATE audit_chain SET handed = 60");
        await _gateway.MakeKeyAsync("afterwards", ["status:read"]);
        await NamesAsync(50, "unsealed");
    }

    [Fact]
    public async Task Lines_that_changed_places_are_named()
    {
        await _gateway.DamageAsync("UPDATE audit SET id = 103 WHERE id = 3");
        await _gateway.DamageAsync("UPDATE audit SET id = 3 WHERE id = 4");
        await _gateway.DamageAsync("UPDATE audit SET id = 4 WHERE id = 103");
        await NamesAsync(3, "changed");
    }

    [Fact]
    public async Task An_end_that_was_cut_off_is_named()
    {
        await _gateway.DamageAsync("DELETE FROM audit WHERE id >= 5");
        await NamesAsync(5, "missing");
    }

    [Fact]
    public async Task An_end_that_was_cut_off_with_care_is_named_and_no_later_line_makes_it_good()
    {
        // The seal of line 4 can be read: the chain's row is made to end there.
        await _gateway.DamageAsync("DELETE FROM audit WHERE id >= 5");
        await _gateway.DamageAsync("UPDATE audit_chain SET last = 4, handed = 4, head = (SELECT seal FROM audit WHERE id = 4)");
        Assert.False((await VerifyAsync()).GetProperty("ok").GetBoolean());
        await _gateway.MakeKeyAsync("afterwards", ["status:read"]);
        await _gateway.MakeKeyAsync("and once more", ["status:read"]);
        await NamesAsync(null, null);
    }

    [Fact]
    public async Task A_log_that_was_put_back_to_an_earlier_state_is_named_by_the_process_that_wrote_it_and_by_a_noted_head()
    {
        var database = _gateway.Services.GetRequiredService<IDatabase>();
        var (last, head, tip) = (await database.ReadAsync(sql => sql.QueryAsync("SELECT last, head, tip FROM audit_chain", r =>
            (r.GetInt64(0), r.GetString(1), r.GetString(2))), TestContext.Current.CancellationToken)).Single();
        await _gateway.MakeKeyAsync("the action", ["status:read"]);
        var noted = (await VerifyAsync()).GetProperty("head").GetString()!;
        await _gateway.DamageAsync("DELETE FROM audit WHERE id > $1", last);
        await _gateway.DamageAsync("UPDATE audit_chain SET last = $1, handed = $1, head = $2, tip = $3", last, head, tip);
        await NamesAsync(last + 1, "missing");
        // One that starts later, where no head was kept since, knows nothing of it. The head that somebody noted does.
        var verification = await FreshAsync(database);
        Assert.Null((await verification.VerifyAsync(cancellation: TestContext.Current.CancellationToken)).Flaw);
        Assert.Equal("missing", (await verification.VerifyAsync(NotedHead.Read(noted),
            cancellation: TestContext.Current.CancellationToken)).Flaw?.Word);
    }

    [Fact]
    public async Task A_chain_that_lost_its_row_is_named_and_nothing_is_refused_for_it()
    {
        await _gateway.DamageAsync("DELETE FROM audit_chain");
        await NamesAsync(null, "no_chain");
        await _gateway.MakeKeyAsync("afterwards", ["status:read"]);
        Assert.False((await VerifyAsync()).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task Pruning_keeps_the_rest_verifiable_and_forgets_nothing_whose_time_was_changed()
    {
        await _gateway.DamageAsync("UPDATE audit SET at = 0 WHERE id = 3");
        Assert.Equal(2, await _gateway.ForgetLinesAsync());
        await NamesAsync(3, "changed");
        Assert.Contains("does not fit its seal and is not forgotten", _gateway.Logs.Text, StringComparison.Ordinal);
        // What was forgotten cannot come back.
        await _gateway.DamageAsync("INSERT INTO audit (id, at, who, what) VALUES (1, 0, 'api', 'forged')");
        await NamesAsync(1, "inserted");
    }

    [Fact]
    public async Task Pruned_lines_leave_a_log_that_fits_also_when_all_are_gone()
    {
        Assert.Equal(4, await _gateway.ForgetLinesAsync(atMost: 4));
        Assert.Equal(2, (await VerifyAsync()).GetProperty("lines").GetInt64());
        Assert.Equal(2, await _gateway.ForgetLinesAsync());
        Assert.True((await VerifyAsync()).GetProperty("ok").GetBoolean());
        await _gateway.MakeKeyAsync("afterwards", ["status:read"]);
        var verdict = await VerifyAsync();
        Assert.True(verdict.GetProperty("ok").GetBoolean(), verdict.GetRawText());
        Assert.Equal(7, verdict.GetProperty("last").GetInt64());
    }

    [Fact]
    public async Task Lines_from_before_the_chain_are_sealed_with_the_first_start_and_said_to_be()
    {
        // As an update finds it: lines without seals, a chain that has not begun.
        await _gateway.DamageAsync("UPDATE audit SET seal = NULL");
        await _gateway.DamageAsync("DELETE FROM audit WHERE id IN (1, 4)");
        await _gateway.DamageAsync("UPDATE audit_chain SET chain_key = NULL, ready = 0, handed = 0, pruned = 0, anchor = '', last = 0, head = '', tip = ''");
        var folder = Directory.CreateTempSubdirectory("larkspur-audit-").FullName;
        try
        {
            await _gateway.CopyDataToAsync(folder);
            await using (var next = await GatewayApp.StartAsync("http://127.0.0.1:1", dataFolder: folder))
            {
                var verdict = (await next.AskAsync("/audit/verify")).Body;
                Assert.True(verdict.GetProperty("ok").GetBoolean(), verdict.GetRawText());
                Assert.Equal(4, verdict.GetProperty("lines").GetInt64());
                Assert.Contains("Sealed 4 lines of the audit log from before it was a chain", next.Logs.Text, StringComparison.Ordinal);
            }

            await using var third = await GatewayApp.StartAsync("http://127.0.0.1:1", dataFolder: folder);
            await third.MakeKeyAsync("afterwards", ["status:read"]);
            var again = (await third.AskAsync("/audit/verify")).Body;
            Assert.True(again.GetProperty("ok").GetBoolean(), again.GetRawText());
            Assert.Equal(5, again.GetProperty("lines").GetInt64());
            Assert.DoesNotContain("from before it was a chain", third.Logs.Text, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Lines_that_are_written_at_the_same_time_are_one_chain()
    {
        // On PostgreSQL a second process writes too.
        var other = GatewayApp.IsPostgres ? await GatewayApp.StartAsync("http://127.0.0.1:1", dataFolder: _gateway.DataFolder) : null;
        try
        {
            var trails = new[] { _gateway, other ?? _gateway }.Select(g => g.Services.GetRequiredService<AuditTrail>()).ToArray();
            await Task.WhenAll(Enumerable.Range(0, 120).Select(i => trails[i % 2].AddAsync(new Actor("key:load"), "test.written",
                "line " + i, cancellation: TestContext.Current.CancellationToken)));
            var verdict = await VerifyAsync();
            Assert.True(verdict.GetProperty("ok").GetBoolean(), verdict.GetRawText());
            Assert.Equal(126, verdict.GetProperty("lines").GetInt64());
        }
        finally
        {
            if (other is not null) await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task Transactions_that_audit_before_and_after_other_rows_do_not_wait_for_each_other()
    {
        var (database, trail) = (_gateway.Services.GetRequiredService<IDatabase>(), _gateway.Services.GetRequiredService<AuditTrail>());
        var actor = new Actor("key:load");
        // One writes its line first and then changes a row, the other the other way round: with the lock taken at once they would wait
        // for each other.
        var runs = 0;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => database.TransactAsync(async unit =>
        {
            Interlocked.Increment(ref runs);
            if (i % 2 == 0) await trail.AddAsync(unit, actor, "test.first", null);
            await unit.ExecuteAsync("UPDATE revision SET version = version WHERE name = 'settings'");
            if (i % 2 == 1) await trail.AddAsync(unit, actor, "test.last", null);
        }, TestContext.Current.CancellationToken)));
        Assert.True((await VerifyAsync()).GetProperty("ok").GetBoolean());
        Assert.True(runs == 40, $"{runs - 40} transactions had to run again.");
    }

    [Fact]
    public async Task Text_that_a_database_does_not_keep_as_it_is_fits_all_the_same()
    {
        var trail = _gateway.Services.GetRequiredService<AuditTrail>();
        await trail.AddAsync(new Actor("key:\0 and \ud83d"), "test.written", "half \ud83d", new() { ["with"] = "\0" },
            TestContext.Current.CancellationToken);
        var verdict = await VerifyAsync();
        Assert.True(verdict.GetProperty("ok").GetBoolean(), verdict.GetRawText());
    }

    [Fact]
    public async Task The_doctor_finds_it_too()
    {
        Assert.Equal("ok", await DoctorAsync());
        await _gateway.DamageAsync("UPDATE audit SET who = 'somebody else' WHERE id = 3");
        Assert.Equal("failed", await DoctorAsync());
    }

    [Fact]
    public async Task It_needs_the_right_to_read_the_log()
    {
        var (key, _) = await _gateway.MakeKeyAsync("narrow", ["status:read"]);
        Assert.Equal(403, (await _gateway.CallAsync(key, HttpMethod.Get, "/audit/verify")).Status);
        var (reader, _) = await _gateway.MakeKeyAsync("reader", ["settings:read"]);
        Assert.Equal(200, (await _gateway.CallAsync(reader, HttpMethod.Get, "/audit/verify")).Status);
    }

    private async Task<string?> DoctorAsync()
    {
        var report = (await _gateway.TellAsync("/doctor/run", """{"checks":["audit_log"]}""")).Body;
        return report.GetProperty("checks")[0].GetProperty("status").GetString();
    }

    /// <summary>A verification as a new process makes it.</summary>
    private async Task<AuditVerification> FreshAsync(IDatabase database)
    {
        var chain = ActivatorUtilities.CreateInstance<AuditChain>(_gateway.Services);
        await chain.StartAsync(TestContext.Current.CancellationToken);
        return new AuditVerification(database, chain, ActivatorUtilities.CreateInstance<HeadRecorder>(_gateway.Services, chain));
    }

    private async Task<JsonElement> VerifyAsync(string query = "")
    {
        var (status, body) = await _gateway.AskAsync("/audit/verify" + query);
        Assert.Equal(200, status);
        return body;
    }

    /// <param name="line">The line that is named; null: whichever.</param>
    /// <param name="word">The word for it; null: whichever.</param>
    private async Task NamesAsync(long? line, string? word)
    {
        var verdict = await VerifyAsync();
        Assert.False(verdict.GetProperty("ok").GetBoolean());
        var flaw = verdict.GetProperty("flaw");
        if (line is not null) Assert.Equal(line, flaw.GetProperty("line").GetInt64());
        if (word is not null) Assert.Equal(word, flaw.GetProperty("error").GetString());
    }
}
