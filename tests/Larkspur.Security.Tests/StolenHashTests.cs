using System.Buffers.Binary;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Console;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Larkspur.Security.Tests;

/// <summary>Passwords cost whoever has stolen the database much work for each guess, and are none that he tries first.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class StolenHashTests
{
    [Fact]
    public async Task A_password_is_hashed_with_as_many_rounds_as_are_usual_now_and_an_old_hash_is_renewed_at_the_log_in()
    {
        await using var stand = await ConsoleStand.StartAsync();
        Assert.True(RoundsOf(await HashAsync(stand)) >= 210_000);
        var old = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 100_000 })).HashPassword(new object(), ConsoleBrowser.Password);
        await stand.Of<IDatabase>().TransactAsync(async unit =>
            await unit.ExecuteAsync("UPDATE console_account SET password = $1 WHERE name = 'admin'", old), TestContext.Current.CancellationToken);
        Assert.Contains("problem=refused", await stand.Browser().LogInAsync("not the password"), StringComparison.Ordinal);
        Assert.Equal(old, await HashAsync(stand));
        Assert.Equal("/console", await stand.Browser().LogInAsync());
        var renewed = await HashAsync(stand);
        Assert.True(RoundsOf(renewed) >= 210_000);
        Assert.Equal("/console", await stand.Browser().LogInAsync());
        Assert.Equal(renewed, await HashAsync(stand));
    }

    [Theory]
    [InlineData("sonyericsson")] // of the list as it is
    [InlineData("1qaz2wsx3edc")]
    [InlineData("Motherfucker")]
    [InlineData("trustno1trustno1")] // repeated
    [InlineData("dragondragon")]
    [InlineData("Dragon20262026")] // with digits and signs around it
    [InlineData("!!!superman!!!")]
    [InlineData("basketballxyz")] // with a short tail
    [InlineData("xyzbasketball")]
    [InlineData("password12345")]
    [InlineData("larkspur-2026")]
    [InlineData("Administrator1")]
    public void What_is_guessed_first_is_no_password(string password) =>
        Assert.Equal("too_common", AccountRules.ProblemOf(password, "anna")?.Word);

    [Theory]
    [InlineData(ConsoleBrowser.Password)]
    [InlineData(ConsoleStand.OperatorsPassword)]
    [InlineData("a dragon in my password garden")]
    public void Words_of_the_list_within_a_longer_phrase_are_no_harm(string password) =>
        Assert.Null(AccountRules.ProblemOf(password, "anna"));

    [Fact]
    public void The_list_has_ten_thousand_passwords()
    {
        using var reader = new StreamReader(typeof(AccountRules).Assembly.GetManifestResourceStream("Larkspur.Gateway.Console.CommonPasswords.txt")!);
        var words = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10_000, words.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(["123456", "password", "12345678", "qwerty", "123456789"], words[..5]);
        Assert.All(words, word => Assert.Equal(word.ToLowerInvariant(), word));
    }

    private static async Task<string> HashAsync(ConsoleStand stand) =>
        (await stand.Of<IDatabase>().ReadAsync(sql => sql.QueryAsync("SELECT password FROM console_account WHERE name = 'admin'",
            row => row.GetString(0)), TestContext.Current.CancellationToken))[0];

    /// <summary>Of the hasher's third format: a marker, the function (2: SHA-512), the rounds.</summary>
    private static uint RoundsOf(string hash)
    {
        var bytes = Convert.FromBase64String(hash);
        Assert.Equal((1, 2u), (bytes[0], BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1))));
        return BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5));
    }
}
