namespace Larkspur.Approvals.Tests.Docs;

public sealed class ManualTests
{
    [Fact]
    public void Every_piece_of_csharp_in_the_manual_stands_in_compiled_code()
    {
        var (pieces, missing) = ManualCode.Compare("approvals-sdk.md", "tests/Larkspur.Approvals.Tests/Docs/ManualSnippets.cs");
        Assert.InRange(pieces, 7, 100);
        Assert.Empty(missing);
    }
}
