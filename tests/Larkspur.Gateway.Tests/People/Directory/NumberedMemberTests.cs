using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.People.Directory;

/// <summary>A staff number is looked for in the directory before the platform is read for it.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class NumberedMemberTests
{
    [Fact]
    public async Task A_staff_number_that_the_directory_knows_costs_no_call()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync();
        var calls = await CallsAsync(directory);
        var found = await LookUpAsync(directory, "M1003");
        Assert.Equal(("Carol", "carol"), (found.GetProperty("en_name").GetString(), found.GetProperty("user_id").GetString()));
        Assert.StartsWith("ou_", found.GetProperty("open_id").GetString(), StringComparison.Ordinal);
        Assert.Equal(calls, await CallsAsync(directory));

        // Who has left is nobody's number any more; then the platform is asked, and says the same.
        await directory.ControlAsync(HttpMethod.Delete, "people/bob");
        await directory.Gateway.HoldsAsync(async () => (await directory.PeopleAsync("platform=feishu&state=left")).Length == 1, "bob to be gone");
        var answer = await directory.Gateway.Gateway.PostRestAsync("/people/lookup", new { employee_nos = new[] { "M1002" } });
        Assert.Equal(("M1002", "unknown"), (answer.Body.GetProperty("unknown")[0].GetProperty("value").GetString(),
            answer.Body.GetProperty("unknown")[0].GetProperty("reason").GetString()));
        Assert.NotEqual(calls, await CallsAsync(directory));
    }

    private static async Task<System.Text.Json.JsonElement> LookUpAsync(DirectoryFixture directory, string number)
    {
        var answer = await directory.Gateway.Gateway.PostRestAsync("/people/lookup", new { employee_nos = new[] { number } });
        Assert.True(answer.Status == 200, answer.ToString());
        return Assert.Single(answer.Body.GetProperty("found").EnumerateArray()).GetProperty("person");
    }

    /// <summary>Questions to the platform about people and departments.</summary>
    private static async Task<double> CallsAsync(DirectoryFixture directory) =>
        (await directory.Gateway.Gateway.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken))
        .Split('\n').Where(l => l.StartsWith("larkspur_feishu_calls_total{", StringComparison.Ordinal)
            && l.Contains("contact.v3", StringComparison.Ordinal))
        .Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
}
