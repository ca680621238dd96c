namespace Larkspur.Samples.Tests;

public sealed class FileUploadTests
{
    [Fact]
    public async Task Alice_receives_the_file()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        var file = Path.Combine(Directory.CreateTempSubdirectory("larkspur-sample-").FullName, "report.txt");
        await File.WriteAllTextAsync(file, "forty-two", TestContext.Current.CancellationToken);
        await using var sample = SampleProcess.Start("FileUpload", emulator, [file, "alice"]);

        Assert.Equal(0, await sample.EndedAsync());
        var message = await emulator.WaitForMessageAsync("from=app&msg_type=file&contains=report.txt");
        Assert.Contains($"sent {message["message_id"]}", sample.Output, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Theory]
    [InlineData("nobody-here", "nobody-here")]
    [InlineData("cli_a1b2c3d4e5f60718", "cannot be written to")]
    public async Task Whoever_cannot_be_written_to_is_named(string recipient, string words)
    {
        await using var emulator = await EmulatorApp.StartAsync();
        var file = Path.Combine(AppContext.BaseDirectory, "FileUpload.dll");
        await using var sample = SampleProcess.Start("FileUpload", emulator, [file, recipient]);

        Assert.Equal(1, await sample.EndedAsync());
        Assert.Contains(words, sample.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", sample.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var sample = SampleProcess.Start("FileUpload", emulator, ["not-there.txt", "alice"]);

        Assert.Equal(1, await sample.EndedAsync());
        Assert.Contains("not-there.txt", sample.Errors, StringComparison.Ordinal);
    }
}
