using System.Text;
using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;

namespace Larkspur.Approvals.Tests.Files;

public sealed class FileTests : EmulatorTests
{
    [Fact]
    public async Task An_uploaded_invoice_goes_with_the_form()
    {
        ApprovalFile file = await Feishu.Approvals.Files.AttachmentAsync(new MemoryStream("invoice"u8.ToArray()), "发票.pdf", cancellationToken: Stop);
        Assert.Equal(("发票.pdf", 7L), (file.Name, file.Length));
        ApprovalSubmission payment = await PaymentAsync();
        payment.Form.SetFiles("attachment", file.Code);
        string code = await Feishu.Approvals.Instances.CreateAsync(payment, cancellationToken: Stop);
        Assert.Single(Assert.IsType<ApprovalFilesValue>((await GetAsync(code)).Form["附件"]).Urls);
    }

    [Fact]
    public async Task The_upload_goes_to_the_host_of_approval_and_says_name_type_and_content()
    {
        await using Wire open = await Wire.StartAsync(), approval = await Wire.StartAsync();
        approval.Say("""{"code":"D93653C3","url":"https://example.com/x"}""");
        ApprovalFile file = await open.Client(o => o.ApprovalUrl = approval.Address).Approvals.Files.ImageAsync(new MemoryStream([1, 2, 3]), "a.png", cancellationToken: Stop);
        Assert.Equal("D93653C3", file.Code);
        Assert.Empty(open.Calls);
        WireCall call = approval.Calls.Single();
        Assert.Equal(("POST", "/approval/openapi/v2/file/upload", "Bearer t-wire"), (call.Method, call.Path, call.Authorization));
        Assert.StartsWith("multipart/form-data", call.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("image", call.Text, StringComparison.Ordinal);
        Assert.Contains("a.png", call.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FeishuBrand.Feishu, "https://www.feishu.cn")]
    [InlineData(FeishuBrand.Lark, "https://www.larksuite.com")]
    public void Without_an_address_it_is_the_brands(FeishuBrand brand, string host)
        => Assert.Equal(host, FeishuHosts.Resolve(new() { AppId = "a", AppSecret = "b", Brand = brand }, FeishuHost.Approval));

    [Fact]
    public async Task What_the_platform_would_refuse_is_told_before_the_call()
    {
        await using Wire wire = await Wire.StartAsync();
        ApprovalFiles files = wire.Client().Approvals.Files;
        await Assert.ThrowsAsync<ApprovalFileException>(() => files.ImageAsync(new MemoryStream(), "a.png", cancellationToken: Stop));
        await Assert.ThrowsAsync<ApprovalFileException>(() => files.ImageAsync(new MemoryStream(new byte[(10 << 20) + 1]), "a.png", cancellationToken: Stop));
        await Assert.ThrowsAsync<ApprovalFileException>(() => files.AttachmentAsync(new Endless(), "a.bin", cancellationToken: Stop));
        foreach (string name in (string[])["", "noextension", "../a.png", "a\n.png", new string('a', 250) + ".png"]) await Assert.ThrowsAsync<ApprovalFileException>(() => files.ImageAsync(new MemoryStream([1]), name, cancellationToken: Stop));
        Assert.Empty(wire.Calls);
    }

    /// <summary>A sender that never stops, and cannot say how long it is.</summary>
    private sealed class Endless : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() => throw new NotSupportedException();
        public override int Read(byte[] buffer, int offset, int count) => count;
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
