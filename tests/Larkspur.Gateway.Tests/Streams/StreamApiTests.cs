using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Streams;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using static Larkspur.Gateway.Tests.Streams.StreamFixture;

namespace Larkspur.Gateway.Tests.Streams;

/// <summary>Streams that a business system writes.</summary>
public sealed class StreamApiTests
{
    private static readonly Dictionary<string, string?> Fast = new() { ["Larkspur:Streams:CheckpointInterval"] = "00:00:00.100" };

    [Fact]
    public async Task A_business_system_opens_feeds_and_ends_a_card()
    {
        await using var fixture = await StartAsync(Fast);
        var (status, opened) = await OpenAsync(fixture, "order-1");
        Assert.Equal(201, status);
        var id = opened.GetProperty("id").GetString()!;
        Assert.Equal((200, id), await OpenAsync(fixture, "order-1") is var (again, body) ? (again, body.GetProperty("id").GetString()) : default);

        Assert.Equal(202, (await fixture.PostAsync($"/api/v1/streams/{id}", new { append = "one " })).Status);
        var (_, fed) = await fixture.PostAsync($"/api/v1/streams/{id}", new { append = "two", offset = 4 });
        Assert.Equal(7, fed.GetProperty("length").GetInt32());
        // Its answer was lost: the same piece again.
        (_, fed) = await fixture.PostAsync($"/api/v1/streams/{id}", new { append = "two", offset = 4 });
        Assert.Equal(7, fed.GetProperty("length").GetInt32());
        await fixture.UntilAsync(() => fixture.Texts is ["one two"]);

        (status, body) = await fixture.PostAsync($"/api/v1/streams/{id}/finish", new { footer = "ERP" });
        Assert.Equal((200, "finished"), (status, body.GetProperty("status").GetString()));
        Assert.Equal(200, (await fixture.PostAsync($"/api/v1/streams/{id}/finish", new { text = "too late" })).Status);
        await fixture.Gateway.UntilAsync(fixture.AllClosedAsync);
        Assert.Equal("one two", Assert.Single(fixture.Texts));
        Assert.Equal((409, "stream_ended"), await RefusedAsync(fixture, $"/api/v1/streams/{id}", new { append = "more" }));
        var shown = await fixture.Gateway.Http.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/streams/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("cardkit", shown.GetProperty("cards")[0].GetProperty("mode").GetString());
    }

    [Fact]
    public async Task A_piece_that_comes_again_late_takes_nothing_away_of_what_came_after_it()
    {
        await using var fixture = await StartAsync(Fast);
        var id = (await OpenAsync(fixture, "late")).Body.GetProperty("id").GetString()!;
        await fixture.PostAsync($"/api/v1/streams/{id}", new { append = "one ", offset = 0 });
        await fixture.PostAsync($"/api/v1/streams/{id}", new { append = "two ", offset = 4 });

        var (status, fed) = await fixture.PostAsync($"/api/v1/streams/{id}", new { append = "one ", offset = 0 });
        Assert.Equal((202, 8), (status, fed.GetProperty("length").GetInt32()));
        Assert.Equal(202, (await fixture.PostAsync($"/api/v1/streams/{id}", new { append = "three", offset = 8 })).Status);
        await fixture.UntilAsync(() => fixture.Texts is ["one two three"]);

        // Another text there is a correction, which replaces what came after it.
        (_, fed) = await fixture.PostAsync($"/api/v1/streams/{id}", new { append = "2", offset = 4 });
        Assert.Equal(5, fed.GetProperty("length").GetInt32());
        await fixture.UntilAsync(() => fixture.Texts is ["one 2"]);
    }

    [Fact]
    public async Task A_stream_that_nobody_feeds_is_closed_with_a_line_that_says_so()
    {
        await using var fixture = await StartAsync(new Dictionary<string, string?>(Fast) { ["Larkspur:Streams:IdleTimeout"] = "00:00:05" });
        var (_, opened) = await OpenAsync(fixture, "idle");
        var id = opened.GetProperty("id").GetString()!;
        await fixture.PostAsync($"/api/v1/streams/{id}", new { append = "and then" });
        await fixture.UntilAsync(() => fixture.Texts is [var shown] && shown.StartsWith("and then\n\n", StringComparison.Ordinal) && shown.Contains(opened.GetProperty("reference").GetString()!, StringComparison.Ordinal));
        Assert.Equal((409, "stream_ended"), await RefusedAsync(fixture, $"/api/v1/streams/{id}", new { append = "more" }));
    }

    [Fact]
    public async Task The_next_process_goes_on_with_what_a_business_system_feeds()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-streams-").FullName;
        try
        {
            await using var first = await StartAsync(Fast, folder);
            var (_, opened) = await OpenAsync(first, "long");
            var id = opened.GetProperty("id").GetString()!;
            await first.PostAsync($"/api/v1/streams/{id}", new { append = "first " });
            await first.UntilAsync(() => first.Texts is ["first "]);
            await first.Gateway.StopAsync();

            await using var second = await GatewayApp.StartAsync(first.Emulator.BaseUrl.ToString(), Fast, folder);
            using var answer = await second.Http.PostAsJsonAsync(new Uri($"/api/v1/streams/{id}", UriKind.Relative), new { append = "second" }, TestContext.Current.CancellationToken);
            Assert.Equal(202, (int)answer.StatusCode);
            await first.UntilAsync(() => first.Texts is ["first second"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Bad_calls_are_answered_with_a_word()
    {
        await using var fixture = await StartAsync(Fast);
        var to = new { type = "chat_id", id = fixture.Chat };
        Assert.Equal((400, "idempotency_key_missing"), await RefusedAsync(fixture, "/api/v1/streams", new { to }));
        Assert.Equal((400, "bad_receiver"), await RefusedAsync(fixture, "/api/v1/streams", new { title = "x" }, "k"));
        Assert.Equal((400, "bad_receiver"), await RefusedAsync(fixture, "/api/v1/streams", new { to, reply_to = "om_1" }, "k"));
        Assert.Equal((400, "bad_receiver"), await RefusedAsync(fixture, "/api/v1/streams", new { to = new { type = "phone", id = "1" } }, "k"));
        Assert.Equal((400, "app_unknown"), await RefusedAsync(fixture, "/api/v1/streams", new { to, app = "other" }, "k"));
        Assert.Equal((400, "text_too_long"), await RefusedAsync(fixture, "/api/v1/streams", new { to, title = new string('x', 201) }, "k"));
        Assert.Equal((404, "not_found"), await RefusedAsync(fixture, "/api/v1/streams/st_0", new { append = "x" }));
        Assert.Equal((404, "not_found"), await RefusedAsync(fixture, "/api/v1/streams/st_0/finish", new { }));
        var id = (await OpenAsync(fixture, "k")).Body.GetProperty("id").GetString()!;
        Assert.Equal((400, "append_or_replace"), await RefusedAsync(fixture, $"/api/v1/streams/{id}", new { }));
        Assert.Equal((400, "append_or_replace"), await RefusedAsync(fixture, $"/api/v1/streams/{id}", new { append = "a", replace = "b" }));
        Assert.Equal((409, "offset_beyond_text"), await RefusedAsync(fixture, $"/api/v1/streams/{id}", new { append = "a", offset = 5 }));
        Assert.Equal((413, "text_too_long"), await RefusedAsync(fixture, $"/api/v1/streams/{id}", new { replace = new string('x', 200_001) }));
        using var stranger = new HttpClient { BaseAddress = fixture.Gateway.Address };
        using var answer = await stranger.PostAsJsonAsync(new Uri("/api/v1/streams", UriKind.Relative), new { to }, TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_stream_that_another_process_ended_is_no_burden_here()
    {
        await using var fixture = await StartAsync(Fast);
        var id = await ShownAsync(fixture, "ended elsewhere");
        await ElsewhereAsync(fixture, async unit => await StreamStore.EndAsync(unit, id, new StreamEnd(), DateTimeOffset.UtcNow));
        await fixture.Gateway.UntilAsync(async () => await fixture.Gateway.CounterAsync("larkspur_streams_open") == 0);
    }

    [Fact]
    public async Task A_stream_that_comes_back_from_another_process_goes_on_with_its_cards_as_that_one_left_them()
    {
        await using var fixture = await StartAsync(Fast);
        var id = await ShownAsync(fixture, "there and back");
        await ElsewhereAsync(fixture, unit => TakenElsewhereAsync(unit, id));
        await fixture.PostAsync($"/api/v1/streams/{id}", new { append = " and more" });
        await fixture.UntilAsync(() => fixture.Texts is ["something and more"]);
        await fixture.Gateway.CountsAtLeastAsync(1, "larkspur_stream_frames_total", "patch");
    }

    [Fact]
    public async Task The_last_face_waits_for_the_frames_of_another_process_where_nothing_numbers_them()
    {
        await using var fixture = await StartAsync(Fast);
        var id = await ShownAsync(fixture, "fed elsewhere");
        await ElsewhereAsync(fixture, unit => TakenElsewhereAsync(unit, id));
        await fixture.PostAsync($"/api/v1/streams/{id}/finish", new { text = "the end" });
        var delay = await fixture.Gateway.Services.GetRequiredService<IDatabase>()
            .ReadAsync(sql => sql.NumberAsync("SELECT MAX(not_before - created_at) FROM outbox WHERE operation = 'stream_finish'"), TestContext.Current.CancellationToken);
        Assert.True(delay >= 1000, $"{delay} ms");
        await fixture.UntilAsync(() => fixture.Texts is ["the end"]);
    }

    private static async Task<string> ShownAsync(StreamFixture fixture, string key)
    {
        var id = (await OpenAsync(fixture, key)).Body.GetProperty("id").GetString()!;
        await fixture.PostAsync($"/api/v1/streams/{id}", new { append = "something" });
        await fixture.UntilAsync(() => fixture.Texts is ["something"]);
        return id;
    }

    /// <summary>What another process that shares the database does: nothing of it is known here but the rows.</summary>
    private static Task ElsewhereAsync(StreamFixture fixture, Func<IUnitOfWork, Task> work) => fixture.Gateway.Services.GetRequiredService<IDatabase>()
        .TransactAsync(async unit => { await work(unit); return 0; }, TestContext.Current.CancellationToken);

    /// <summary>Another process sends the frames, and was refused the entity.</summary>
    private static async Task TakenElsewhereAsync(IUnitOfWork unit, string id)
    {
        Assert.NotNull(await StreamStore.TakeAsync(unit, id, "another process", anew: false, DateTimeOffset.UtcNow));
        await unit.ExecuteAsync("UPDATE card_stream_page SET mode = 2 WHERE stream_id = $1", id);
    }

    [Theory]
    [InlineData("""{"reply_to":".."}""")]
    [InlineData("""{"reply_to":"om_1/../../x"}""")]
    [InlineData("""{"reply_to":"oc_1"}""")]
    [InlineData("""{"reply_to":"om_1","chat_id":"any text"}""")]
    [InlineData("""{"to":{"type":"chat_id","id":"ou_1"}}""")]
    [InlineData("""{"to":{"type":"user_id","id":"a b"}}""")]
    public async Task A_stream_goes_to_ids_only(string opening)
    {
        await using var fixture = await StartAsync(Fast);
        Assert.Equal((400, "bad_receiver"), await RefusedAsync(fixture, "/api/v1/streams", JsonSerializer.Deserialize<JsonElement>(opening), "k"));
    }

    [Fact]
    public async Task What_no_database_keeps_is_refused_before_it_is_written()
    {
        await using var fixture = await StartAsync(Fast);
        var id = (await OpenAsync(fixture, "k")).Body.GetProperty("id").GetString()!;
        Assert.Equal(202, (await fixture.PostAsync($"/api/v1/streams/{id}", new { append = "😀" })).Status);
        Assert.Equal((400, "bad_offset"), await RefusedAsync(fixture, $"/api/v1/streams/{id}", new { append = "x", offset = 1 }));
        Assert.Equal((400, "bad_text"), await RefusedAsync(fixture, $"/api/v1/streams/{id}", new { append = "a\0b" }));
        Assert.Equal((400, "bad_text"), await RefusedAsync(fixture, $"/api/v1/streams/{id}/finish", new { text = "a\0b" }));
        Assert.Equal(202, (await fixture.PostAsync($"/api/v1/streams/{id}", new { append = "x", offset = 2 })).Status);
    }

    private static Task<(int Status, JsonElement Body)> OpenAsync(StreamFixture fixture, string key) =>
        fixture.PostAsync("/api/v1/streams", new { to = new { type = "chat_id", id = fixture.Chat }, title = "Report", language = "en_us" }, key);

    private static async Task<(int, string?)> RefusedAsync(StreamFixture fixture, string path, object body, string? key = null)
    {
        var (status, answer) = await fixture.PostAsync(path, body, key);
        return (status, answer.TryGetProperty("error", out var word) ? word.GetString() : null);
    }
}
