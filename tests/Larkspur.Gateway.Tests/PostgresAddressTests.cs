using Larkspur.Gateway.Common;
using Npgsql;

namespace Larkspur.Gateway.Tests;

/// <summary>How <c>LARKSPUR_DB</c> becomes a connection string.</summary>
public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("Host=db;Database=larkspur;Username=u;Password=p")]
    [InlineData("postgresql://u:p@db/larkspur")]
    public void What_an_address_leaves_open_is_set(string address)
    {
        var complete = new NpgsqlConnectionStringBuilder(PostgresAddress.Complete(address));
        Assert.Equal((20, 5, 10), (complete.MaxPoolSize, complete.Timeout, complete.CommandTimeout));
        Assert.Equal((100, 10, $"larkspur {Environment.MachineName} {Environment.ProcessId}"), (complete.MaxAutoPrepare, complete.KeepAlive, complete.ApplicationName));
        Assert.StartsWith("-c idle_in_transaction_session_timeout=", complete.Options, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db;Database=larkspur;MaxPoolSize=7;Timeout=3;CommandTimeout=60;Max Auto Prepare=0;Keepalive=0;Application Name=hr")]
    [InlineData("postgresql://db/larkspur?Maximum Pool Size=7&connect_timeout=3&Command Timeout=60&Max%20Auto%20Prepare=0&Keepalive=0&application_name=hr")]
    public void What_it_says_stays(string address)
    {
        var complete = new NpgsqlConnectionStringBuilder(PostgresAddress.Complete(address));
        Assert.Equal((7, 3, 60), (complete.MaxPoolSize, complete.Timeout, complete.CommandTimeout));
        Assert.Equal((0, 0, "hr"), (complete.MaxAutoPrepare, complete.KeepAlive, complete.ApplicationName));
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    public void The_modes_of_encryption_have_the_names_that_such_addresses_use_everywhere(string word, SslMode mode)
    {
        var address = $"postgresql://u:p@db/larkspur?sslmode={word}&sslrootcert=/etc/ca.pem";
        Assert.Null(PostgresAddress.Problem(address));
        var complete = new NpgsqlConnectionStringBuilder(PostgresAddress.Complete(address));
        Assert.Equal((mode, "/etc/ca.pem"), (complete.SslMode, complete.RootCertificate));
    }

    [Theory]
    [InlineData("postgresql://u:hush@db/larkspur?sslmode=perhaps")]
    [InlineData("Host=db;Database=larkspur;Passwort=hush")]
    [InlineData("postgresql://u:hush@db")]
    public void A_problem_does_not_repeat_the_address(string address)
    {
        Assert.NotNull(PostgresAddress.Problem(address));
        Assert.DoesNotContain("hush", PostgresAddress.Problem(address), StringComparison.Ordinal);
    }
}
