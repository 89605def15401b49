// node_modules/@lit/reactive-element/css-tag.js
var e = globalThis, t = e.ShadowRoot && (e.ShadyCSS === void 0 || e.ShadyCSS.nativeShadow) && "adoptedStyleSheets" in Document.prototype && "replace" in CSSStyleSheet.prototype, n = Symbol(), r = /* @__PURE__ */ new WeakMap(), i = class {
	constructor(e, t, r) {
		if (this._$cssResult$ = !0, r !== n) throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");
		this.cssText = e, this.t = t;
	}
	get styleSheet() {
		let e = this.o, n = this.t;
		if (t && e === void 0) {
			let t = n !== void 0 && n.length === 1;
			t && (e = r.get(n)), e === void 0 && ((this.o = e = new CSSStyleSheet()).replaceSync(this.cssText), t && r.set(n, e));
		}
		return e;
	}
	toString() {
		return this.cssText;
	}
}, a = (e) => new i(typeof e == "string" ? e : e + "", void 0, n), o = (e, ...t) => new i(e.length === 1 ? e[0] : t.reduce((t, n, r) => t + ((e) => {
	if (!0 === e._$cssResult$) return e.cssText;
	if (typeof e == "number") return e;
	throw Error("Value passed to 'css' function must be a 'css' function result: " + e + ". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.");
})(n) + e[r + 1], e[0]), e, n), s = (n, r) => {
	if (t) n.adoptedStyleSheets = r.map((e) => e instanceof CSSStyleSheet ? e : e.styleSheet);
	else for (let t of r) {
		let r = document.createElement("style"), i = e.litNonce;
		i !== void 0 && r.setAttribute("nonce", i), r.textContent = t.cssText, n.appendChild(r);
	}
}, c = t ? (e) => e : (e) => e instanceof CSSStyleSheet ? ((e) => {
	let t = "";
	for (let n of e.cssRules) t += n.cssText;
	return a(t);
})(e) : e, { is: l, defineProperty: u, getOwnPropertyDescriptor: ee, getOwnPropertyNames: te, getOwnPropertySymbols: ne, getPrototypeOf: re } = Object, d = globalThis, ie = d.trustedTypes, ae = ie ? ie.emptyScript : "", oe = d.reactiveElementPolyfillSupport, f = (e, t) => e, p = {
	toAttribute(e, t) {
		switch (t) {
			case Boolean:
				e = e ? ae : null;
				break;
			case Object:
			case Array: e = e == null ? e : JSON.stringify(e);
		}
		return e;
	},
	fromAttribute(e, t) {
		let n = e;
		switch (t) {
			case Boolean:
				n = e !== null;
				break;
			case Number:
				n = e === null ? null : Number(e);
				break;
			case Object:
			case Array: try {
				n = JSON.parse(e);
			} catch {
				n = null;
			}
		}
		return n;
	}
}, se = (e, t) => !l(e, t), ce = {
	attribute: !0,
	type: String,
	converter: p,
	reflect: !1,
	useDefault: !1,
	hasChanged: se
};
Symbol.metadata ??= Symbol("metadata"), d.litPropertyMetadata ??= /* @__PURE__ */ new WeakMap();
var m = class extends HTMLElement {
	static addInitializer(e) {
		this._$Ei(), (this.l ??= []).push(e);
	}
	static get observedAttributes() {
		return this.finalize(), this._$Eh && [...this._$Eh.keys()];
	}
	static createProperty(e, t = ce) {
		if (t.state && (t.attribute = !1), this._$Ei(), this.prototype.hasOwnProperty(e) && ((t = Object.create(t)).wrapped = !0), this.elementProperties.set(e, t), !t.noAccessor) {
			let n = Symbol(), r = this.getPropertyDescriptor(e, n, t);
			r !== void 0 && u(this.prototype, e, r);
		}
	}
	static getPropertyDescriptor(e, t, n) {
		let { get: r, set: i } = ee(this.prototype, e) ?? {
			get() {
				return this[t];
			},
			set(e) {
				this[t] = e;
			}
		};
		return {
			get: r,
			set(t) {
				let a = r?.call(this);
				i?.call(this, t), this.requestUpdate(e, a, n);
			},
			configurable: !0,
			enumerable: !0
		};
	}
	static getPropertyOptions(e) {
		return this.elementProperties.get(e) ?? ce;
	}
	static _$Ei() {
		if (this.hasOwnProperty(f("elementProperties"))) return;
		let e = re(this);
		e.finalize(), e.l !== void 0 && (this.l = [...e.l]), this.elementProperties = new Map(e.elementProperties);
	}
	static finalize() {
		if (this.hasOwnProperty(f("finalized"))) return;
		if (this.finalized = !0, this._$Ei(), this.hasOwnProperty(f("properties"))) {
			let e = this.properties, t = [...te(e), ...ne(e)];
			for (let n of t) this.createProperty(n, e[n]);
		}
		let e = this[Symbol.metadata];
		if (e !== null) {
			let t = litPropertyMetadata.get(e);
			if (t !== void 0) for (let [e, n] of t) this.elementProperties.set(e, n);
		}
		this._$Eh = /* @__PURE__ */ new Map();
		for (let [e, t] of this.elementProperties) {
			let n = this._$Eu(e, t);
			n !== void 0 && this._$Eh.set(n, e);
		}
		this.elementStyles = this.finalizeStyles(this.styles);
	}
	static finalizeStyles(e) {
		let t = [];
		if (Array.isArray(e)) {
			let n = new Set(e.flat(1 / 0).reverse());
			for (let e of n) t.unshift(c(e));
		} else e !== void 0 && t.push(c(e));
		return t;
	}
	static _$Eu(e, t) {
		let n = t.attribute;
		return !1 === n ? void 0 : typeof n == "string" ? n : typeof e == "string" ? e.toLowerCase() : void 0;
	}
	constructor() {
		super(), this._$Ep = void 0, this.isUpdatePending = !1, this.hasUpdated = !1, this._$Em = null, this._$Ev();
	}
	_$Ev() {
		this._$ES = new Promise((e) => this.enableUpdating = e), this._$AL = /* @__PURE__ */ new Map(), this._$E_(), this.requestUpdate(), this.constructor.l?.forEach((e) => e(this));
	}
	addController(e) {
		(this._$EO ??= /* @__PURE__ */ new Set()).add(e), this.renderRoot !== void 0 && this.isConnected && e.hostConnected?.();
	}
	removeController(e) {
		this._$EO?.delete(e);
	}
	_$E_() {
		let e = /* @__PURE__ */ new Map(), t = this.constructor.elementProperties;
		for (let n of t.keys()) this.hasOwnProperty(n) && (e.set(n, this[n]), delete this[n]);
		e.size > 0 && (this._$Ep = e);
	}
	createRenderRoot() {
		let e = this.shadowRoot ?? this.attachShadow(this.constructor.shadowRootOptions);
		return s(e, this.constructor.elementStyles), e;
	}
	connectedCallback() {
		this.renderRoot ??= this.createRenderRoot(), this.enableUpdating(!0), this._$EO?.forEach((e) => e.hostConnected?.());
	}
	enableUpdating(e) {}
	disconnectedCallback() {
		this._$EO?.forEach((e) => e.hostDisconnected?.());
	}
	attributeChangedCallback(e, t, n) {
		this._$AK(e, n);
	}
	_$ET(e, t) {
		let n = this.constructor.elementProperties.get(e), r = this.constructor._$Eu(e, n);
		if (r !== void 0 && !0 === n.reflect) {
			let i = (n.converter?.toAttribute === void 0 ? p : n.converter).toAttribute(t, n.type);
			this._$Em = e, i == null ? this.removeAttribute(r) : this.setAttribute(r, i), this._$Em = null;
		}
	}
	_$AK(e, t) {
		let n = this.constructor, r = n._$Eh.get(e);
		if (r !== void 0 && this._$Em !== r) {
			let e = n.getPropertyOptions(r), i = typeof e.converter == "function" ? { fromAttribute: e.converter } : e.converter?.fromAttribute === void 0 ? p : e.converter;
			this._$Em = r;
			let a = i.fromAttribute(t, e.type);
			this[r] = a ?? this._$Ej?.get(r) ?? a, this._$Em = null;
		}
	}
	requestUpdate(e, t, n, r = !1, i) {
		if (e !== void 0) {
			let a = this.constructor;
			if (!1 === r && (i = this[e]), n ??= a.getPropertyOptions(e), !((n.hasChanged ?? se)(i, t) || n.useDefault && n.reflect && i === this._$Ej?.get(e) && !this.hasAttribute(a._$Eu(e, n)))) return;
			this.C(e, t, n);
		}
		!1 === this.isUpdatePending && (this._$ES = this._$EP());
	}
	C(e, t, { useDefault: n, reflect: r, wrapped: i }, a) {
		n && !(this._$Ej ??= /* @__PURE__ */ new Map()).has(e) && (this._$Ej.set(e, a ?? t ?? this[e]), !0 !== i || a !== void 0) || (this._$AL.has(e) || (this.hasUpdated || n || (t = void 0), this._$AL.set(e, t)), !0 === r && this._$Em !== e && (this._$Eq ??= /* @__PURE__ */ new Set()).add(e));
	}
	async _$EP() {
		this.isUpdatePending = !0;
		try {
			await this._$ES;
		} catch (e) {
			Promise.reject(e);
		}
		let e = this.scheduleUpdate();
		return e != null && await e, !this.isUpdatePending;
	}
	scheduleUpdate() {
		return this.performUpdate();
	}
	performUpdate() {
		if (!this.isUpdatePending) return;
		if (!this.hasUpdated) {
			if (this.renderRoot ??= this.createRenderRoot(), this._$Ep) {
				for (let [e, t] of this._$Ep) this[e] = t;
				this._$Ep = void 0;
			}
			let e = this.constructor.elementProperties;
			if (e.size > 0) for (let [t, n] of e) {
				let { wrapped: e } = n, r = this[t];
				!0 !== e || this._$AL.has(t) || r === void 0 || this.C(t, void 0, n, r);
			}
		}
		let e = !1, t = this._$AL;
		try {
			e = this.shouldUpdate(t), e ? (this.willUpdate(t), this._$EO?.forEach((e) => e.hostUpdate?.()), this.update(t)) : this._$EM();
		} catch (t) {
			throw e = !1, this._$EM(), t;
		}
		e && this._$AE(t);
	}
	willUpdate(e) {}
	_$AE(e) {
		this._$EO?.forEach((e) => e.hostUpdated?.()), this.hasUpdated || (this.hasUpdated = !0, this.firstUpdated(e)), this.updated(e);
	}
	_$EM() {
		this._$AL = /* @__PURE__ */ new Map(), this.isUpdatePending = !1;
	}
	get updateComplete() {
		return this.getUpdateComplete();
	}
	getUpdateComplete() {
		return this._$ES;
	}
	shouldUpdate(e) {
		return !0;
	}
	update(e) {
		this._$Eq &&= this._$Eq.forEach((e) => this._$ET(e, this[e])), this._$EM();
	}
	updated(e) {}
	firstUpdated(e) {}
};
m.elementStyles = [], m.shadowRootOptions = { mode: "open" }, m[f("elementProperties")] = /* @__PURE__ */ new Map(), m[f("finalized")] = /* @__PURE__ */ new Map(), oe?.({ ReactiveElement: m }), (d.reactiveElementVersions ??= []).push("2.1.2");
// node_modules/lit-html/lit-html.js
var h = globalThis, le = (e) => e, g = h.trustedTypes, ue = g ? g.createPolicy("lit-html", { createHTML: (e) => e }) : void 0, de = "$lit$", _ = `lit$${Math.random().toFixed(9).slice(2)}$`, v = "?" + _, fe = `<${v}>`, y = document, b = () => y.createComment(""), x = (e) => e === null || typeof e != "object" && typeof e != "function", S = Array.isArray, pe = (e) => S(e) || typeof e?.[Symbol.iterator] == "function", me = "[ 	\n\f\r]", C = /<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g, he = /-->/g, ge = />/g, w = RegExp(`>|${me}(?:([^\\s"'>=/]+)(${me}*=${me}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`, "g"), _e = /'/g, ve = /"/g, ye = /^(?:script|style|textarea|title)$/i, T = ((e) => (t, ...n) => ({
	_$litType$: e,
	strings: t,
	values: n
}))(1), E = Symbol.for("lit-noChange"), D = Symbol.for("lit-nothing"), be = /* @__PURE__ */ new WeakMap(), O = y.createTreeWalker(y, 129);
function xe(e, t) {
	if (!S(e) || !e.hasOwnProperty("raw")) throw Error("invalid template strings array");
	return ue === void 0 ? t : ue.createHTML(t);
}
var Se = (e, t) => {
	let n = e.length - 1, r = [], i, a = t === 2 ? "<svg>" : t === 3 ? "<math>" : "", o = C;
	for (let t = 0; t < n; t++) {
		let n = e[t], s, c, l = -1, u = 0;
		for (; u < n.length && (o.lastIndex = u, c = o.exec(n), c !== null);) u = o.lastIndex, o === C ? c[1] === "!--" ? o = he : c[1] === void 0 ? c[2] === void 0 ? c[3] !== void 0 && (o = w) : (ye.test(c[2]) && (i = RegExp("</" + c[2], "g")), o = w) : o = ge : o === w ? c[0] === ">" ? (o = i ?? C, l = -1) : c[1] === void 0 ? l = -2 : (l = o.lastIndex - c[2].length, s = c[1], o = c[3] === void 0 ? w : c[3] === "\"" ? ve : _e) : o === ve || o === _e ? o = w : o === he || o === ge ? o = C : (o = w, i = void 0);
		let ee = o === w && e[t + 1].startsWith("/>") ? " " : "";
		a += o === C ? n + fe : l >= 0 ? (r.push(s), n.slice(0, l) + de + n.slice(l) + _ + ee) : n + _ + (l === -2 ? t : ee);
	}
	return [xe(e, a + (e[n] || "<?>") + (t === 2 ? "</svg>" : t === 3 ? "</math>" : "")), r];
}, k = class e {
	constructor({ strings: t, _$litType$: n }, r) {
		let i;
		this.parts = [];
		let a = 0, o = 0, s = t.length - 1, c = this.parts, [l, u] = Se(t, n);
		if (this.el = e.createElement(l, r), O.currentNode = this.el.content, n === 2 || n === 3) {
			let e = this.el.content.firstChild;
			e.replaceWith(...e.childNodes);
		}
		for (; (i = O.nextNode()) !== null && c.length < s;) {
			if (i.nodeType === 1) {
				if (i.hasAttributes()) for (let e of i.getAttributeNames()) if (e.endsWith(de)) {
					let t = u[o++], n = i.getAttribute(e).split(_), r = /([.?@])?(.*)/.exec(t);
					c.push({
						type: 1,
						index: a,
						name: r[2],
						strings: n,
						ctor: r[1] === "." ? we : r[1] === "?" ? Te : r[1] === "@" ? Ee : M
					}), i.removeAttribute(e);
				} else e.startsWith(_) && (c.push({
					type: 6,
					index: a
				}), i.removeAttribute(e));
				if (ye.test(i.tagName)) {
					let e = i.textContent.split(_), t = e.length - 1;
					if (t > 0) {
						i.textContent = g ? g.emptyScript : "";
						for (let n = 0; n < t; n++) i.append(e[n], b()), O.nextNode(), c.push({
							type: 2,
							index: ++a
						});
						i.append(e[t], b());
					}
				}
			} else if (i.nodeType === 8) {
				if (i.data === v) c.push({
					type: 2,
					index: a
				});
				else {
					let e = -1;
					for (; (e = i.data.indexOf(_, e + 1)) !== -1;) c.push({
						type: 7,
						index: a
					}), e += _.length - 1;
				}
			}
			a++;
		}
	}
	static createElement(e, t) {
		let n = y.createElement("template");
		return n.innerHTML = e, n;
	}
};
function A(e, t, n = e, r) {
	if (t === E) return t;
	let i = r === void 0 ? n._$Cl : n._$Co?.[r], a = x(t) ? void 0 : t._$litDirective$;
	return i?.constructor !== a && (i?._$AO?.(!1), a === void 0 ? i = void 0 : (i = new a(e), i._$AT(e, n, r)), r === void 0 ? n._$Cl = i : (n._$Co ??= [])[r] = i), i !== void 0 && (t = A(e, i._$AS(e, t.values), i, r)), t;
}
var Ce = class {
	constructor(e, t) {
		this._$AV = [], this._$AN = void 0, this._$AD = e, this._$AM = t;
	}
	get parentNode() {
		return this._$AM.parentNode;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	u(e) {
		let { el: { content: t }, parts: n } = this._$AD, r = (e?.creationScope ?? y).importNode(t, !0);
		O.currentNode = r;
		let i = O.nextNode(), a = 0, o = 0, s = n[0];
		for (; s !== void 0;) {
			if (a === s.index) {
				let t;
				s.type === 2 ? t = new j(i, i.nextSibling, this, e) : s.type === 1 ? t = new s.ctor(i, s.name, s.strings, this, e) : s.type === 6 && (t = new De(i, this, e)), this._$AV.push(t), s = n[++o];
			}
			a !== s?.index && (i = O.nextNode(), a++);
		}
		return O.currentNode = y, r;
	}
	p(e) {
		let t = 0;
		for (let n of this._$AV) n !== void 0 && (n.strings === void 0 ? n._$AI(e[t]) : (n._$AI(e, n, t), t += n.strings.length - 2)), t++;
	}
}, j = class e {
	get _$AU() {
		return this._$AM?._$AU ?? this._$Cv;
	}
	constructor(e, t, n, r) {
		this.type = 2, this._$AH = D, this._$AN = void 0, this._$AA = e, this._$AB = t, this._$AM = n, this.options = r, this._$Cv = r?.isConnected ?? !0;
	}
	get parentNode() {
		let e = this._$AA.parentNode, t = this._$AM;
		return t !== void 0 && e?.nodeType === 11 && (e = t.parentNode), e;
	}
	get startNode() {
		return this._$AA;
	}
	get endNode() {
		return this._$AB;
	}
	_$AI(e, t = this) {
		e = A(this, e, t), x(e) ? e === D || e == null || e === "" ? (this._$AH !== D && this._$AR(), this._$AH = D) : e !== this._$AH && e !== E && this._(e) : e._$litType$ === void 0 ? e.nodeType === void 0 ? pe(e) ? this.k(e) : this._(e) : this.T(e) : this.$(e);
	}
	O(e) {
		return this._$AA.parentNode.insertBefore(e, this._$AB);
	}
	T(e) {
		this._$AH !== e && (this._$AR(), this._$AH = this.O(e));
	}
	_(e) {
		this._$AH !== D && x(this._$AH) ? this._$AA.nextSibling.data = e : this.T(y.createTextNode(e)), this._$AH = e;
	}
	$(e) {
		let { values: t, _$litType$: n } = e, r = typeof n == "number" ? this._$AC(e) : (n.el === void 0 && (n.el = k.createElement(xe(n.h, n.h[0]), this.options)), n);
		if (this._$AH?._$AD === r) this._$AH.p(t);
		else {
			let e = new Ce(r, this), n = e.u(this.options);
			e.p(t), this.T(n), this._$AH = e;
		}
	}
	_$AC(e) {
		let t = be.get(e.strings);
		return t === void 0 && be.set(e.strings, t = new k(e)), t;
	}
	k(t) {
		S(this._$AH) || (this._$AH = [], this._$AR());
		let n = this._$AH, r, i = 0;
		for (let a of t) i === n.length ? n.push(r = new e(this.O(b()), this.O(b()), this, this.options)) : r = n[i], r._$AI(a), i++;
		i < n.length && (this._$AR(r && r._$AB.nextSibling, i), n.length = i);
	}
	_$AR(e = this._$AA.nextSibling, t) {
		for (this._$AP?.(!1, !0, t); e !== this._$AB;) {
			let t = le(e).nextSibling;
			le(e).remove(), e = t;
		}
	}
	setConnected(e) {
		this._$AM === void 0 && (this._$Cv = e, this._$AP?.(e));
	}
}, M = class {
	get tagName() {
		return this.element.tagName;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	constructor(e, t, n, r, i) {
		this.type = 1, this._$AH = D, this._$AN = void 0, this.element = e, this.name = t, this._$AM = r, this.options = i, n.length > 2 || n[0] !== "" || n[1] !== "" ? (this._$AH = Array(n.length - 1).fill(/* @__PURE__ */ new String()), this.strings = n) : this._$AH = D;
	}
	_$AI(e, t = this, n, r) {
		let i = this.strings, a = !1;
		if (i === void 0) e = A(this, e, t, 0), a = !x(e) || e !== this._$AH && e !== E, a && (this._$AH = e);
		else {
			let r = e, o, s;
			for (e = i[0], o = 0; o < i.length - 1; o++) s = A(this, r[n + o], t, o), s === E && (s = this._$AH[o]), a ||= !x(s) || s !== this._$AH[o], s === D ? e = D : e !== D && (e += (s ?? "") + i[o + 1]), this._$AH[o] = s;
		}
		a && !r && this.j(e);
	}
	j(e) {
		e === D ? this.element.removeAttribute(this.name) : this.element.setAttribute(this.name, e ?? "");
	}
}, we = class extends M {
	constructor() {
		super(...arguments), this.type = 3;
	}
	j(e) {
		this.element[this.name] = e === D ? void 0 : e;
	}
}, Te = class extends M {
	constructor() {
		super(...arguments), this.type = 4;
	}
	j(e) {
		this.element.toggleAttribute(this.name, !!e && e !== D);
	}
}, Ee = class extends M {
	constructor(e, t, n, r, i) {
		super(e, t, n, r, i), this.type = 5;
	}
	_$AI(e, t = this) {
		if ((e = A(this, e, t, 0) ?? D) === E) return;
		let n = this._$AH, r = e === D && n !== D || e.capture !== n.capture || e.once !== n.once || e.passive !== n.passive, i = e !== D && (n === D || r);
		r && this.element.removeEventListener(this.name, this, n), i && this.element.addEventListener(this.name, this, e), this._$AH = e;
	}
	handleEvent(e) {
		typeof this._$AH == "function" ? this._$AH.call(this.options?.host ?? this.element, e) : this._$AH.handleEvent(e);
	}
}, De = class {
	constructor(e, t, n) {
		this.element = e, this.type = 6, this._$AN = void 0, this._$AM = t, this.options = n;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	_$AI(e) {
		A(this, e);
	}
}, Oe = {
	M: de,
	P: _,
	A: v,
	C: 1,
	L: Se,
	R: Ce,
	D: pe,
	V: A,
	I: j,
	H: M,
	N: Te,
	U: Ee,
	B: we,
	F: De
}, ke = h.litHtmlPolyfillSupport;
ke?.(k, j), (h.litHtmlVersions ??= []).push("3.3.3");
var Ae = (e, t, n) => {
	let r = n?.renderBefore ?? t, i = r._$litPart$;
	if (i === void 0) {
		let e = n?.renderBefore ?? null;
		r._$litPart$ = i = new j(t.insertBefore(b(), e), e, void 0, n ?? {});
	}
	return i._$AI(e), i;
}, je = globalThis, N = class extends m {
	constructor() {
		super(...arguments), this.renderOptions = { host: this }, this._$Do = void 0;
	}
	createRenderRoot() {
		let e = super.createRenderRoot();
		return this.renderOptions.renderBefore ??= e.firstChild, e;
	}
	update(e) {
		let t = this.render();
		this.hasUpdated || (this.renderOptions.isConnected = this.isConnected), super.update(e), this._$Do = Ae(t, this.renderRoot, this.renderOptions);
	}
	connectedCallback() {
		super.connectedCallback(), this._$Do?.setConnected(!0);
	}
	disconnectedCallback() {
		super.disconnectedCallback(), this._$Do?.setConnected(!1);
	}
	render() {
		return E;
	}
};
N._$litElement$ = !0, N.finalized = !0, je.litElementHydrateSupport?.({ LitElement: N });
var Me = je.litElementPolyfillSupport;
Me?.({ LitElement: N }), (je.litElementVersions ??= []).push("4.2.2");
// node_modules/@lit/reactive-element/decorators/property.js
var Ne = {
	attribute: !0,
	type: String,
	converter: p,
	reflect: !1,
	hasChanged: se
}, Pe = (e = Ne, t, n) => {
	let { kind: r, metadata: i } = n, a = globalThis.litPropertyMetadata.get(i);
	if (a === void 0 && globalThis.litPropertyMetadata.set(i, a = /* @__PURE__ */ new Map()), r === "setter" && ((e = Object.create(e)).wrapped = !0), a.set(n.name, e), r === "accessor") {
		let { name: r } = n;
		return {
			set(n) {
				let i = t.get.call(this);
				t.set.call(this, n), this.requestUpdate(r, i, e, !0, n);
			},
			init(t) {
				return t !== void 0 && this.C(r, void 0, e, t), t;
			}
		};
	}
	if (r === "setter") {
		let { name: r } = n;
		return function(n) {
			let i = this[r];
			t.call(this, n), this.requestUpdate(r, i, e, !0, n);
		};
	}
	throw Error("Unsupported decorator location: " + r);
};
function P(e) {
	return (t, n) => typeof n == "object" ? Pe(e, t, n) : ((e, t, n) => {
		let r = t.hasOwnProperty(n);
		return t.constructor.createProperty(n, e), r ? Object.getOwnPropertyDescriptor(t, n) : void 0;
	})(e, t, n);
}
// node_modules/@lit/reactive-element/decorators/state.js
function F(e) {
	return P({
		...e,
		state: !0,
		attribute: !1
	});
}
// node_modules/@lit/reactive-element/decorators/base.js
var Fe = (e, t, n) => (n.configurable = !0, n.enumerable = !0, Reflect.decorate && typeof t != "object" && Object.defineProperty(e, t, n), n);
// node_modules/@lit/reactive-element/decorators/query.js
function Ie(e, t) {
	return (n, r, i) => {
		let a = (t) => t.renderRoot?.querySelector(e) ?? null;
		if (t) {
			let { get: e, set: t } = typeof r == "object" ? n : i ?? (() => {
				let e = Symbol();
				return {
					get() {
						return this[e];
					},
					set(t) {
						this[e] = t;
					}
				};
			})();
			return Fe(n, r, { get() {
				let n = e.call(this);
				return n === void 0 && (n = a(this), (n !== null || this.hasUpdated) && t.call(this, n)), n;
			} });
		}
		return Fe(n, r, { get() {
			return a(this);
		} });
	};
}
// src/api.ts
var Le = "ha_device_backups", Re = class {
	constructor(e) {
		this.hass = e;
	}
	followDevices(e) {
		return this.hass.connection.subscribeMessage(e, {
			type: `${Le}/devices/subscribe`,
			language: this.hass.language
		});
	}
	followRestore(e, t) {
		return this.hass.connection.subscribeMessage(t, {
			type: `${Le}/restore/subscribe`,
			language: this.hass.language,
			device_key: e
		});
	}
	backUp(e) {
		return this.call("back_up", { device_key: e });
	}
	backUpAll() {
		return this.call("back_up_all", {});
	}
	backups(e) {
		return this.call("backups/list", { device_key: e });
	}
	protect(e, t, n) {
		return this.call("backups/protect", {
			device_key: e,
			backup_id: t,
			protected: n
		});
	}
	accept(e, t) {
		return this.call("backups/accept", {
			device_key: e,
			backup_id: t
		});
	}
	delete(e, t, n) {
		return this.call("backups/delete", {
			device_key: e,
			backup_id: t,
			even_if_needed: n
		});
	}
	compare(e, t, n) {
		return this.call("backups/compare", {
			device_key: e,
			older: t,
			...n === null ? {} : { newer: n }
		});
	}
	plan(e, t, n) {
		return this.call("restore/plan", {
			device_key: e,
			backup_id: t,
			source_key: n
		});
	}
	guide(e, t) {
		return this.call("restore/guide", {
			device_key: e,
			backup_id: t
		});
	}
	restore(e, t, n) {
		return this.call("restore/start", {
			device_key: e,
			backup_id: t,
			source_key: n
		});
	}
	async download(e, t) {
		let { path: n } = await this.call("backups/download", {
			device_key: e,
			backup_id: t
		}), r = document.createElement("a");
		r.href = this.hass.hassUrl(n), r.download = "", document.body.append(r), r.click(), r.remove();
	}
	call(e, t) {
		return this.hass.callWS({
			type: `${Le}/${e}`,
			language: this.hass.language,
			...t
		});
	}
};
// src/devices.ts
function ze(e, t) {
	let n = new Map(t.devices ? [] : e);
	for (let e of [...t.devices ?? [], ...t.changed ?? []]) n.set(e.key, e);
	for (let e of t.removed ?? []) n.delete(e);
	return n;
}
function Be(e, t, n) {
	let r = t.trim().toLocaleLowerCase();
	return [...e.values()].filter((e) => !n || e.is_problem).filter((e) => `${e.title} ${e.kind_name}`.toLocaleLowerCase().includes(r)).sort((e, t) => Ve(e) - Ve(t) || e.title.localeCompare(t.title) || (e.key < t.key ? -1 : 1));
}
function Ve(e) {
	return e.state === "removed" ? 2 : +!e.is_problem;
}
// src/home-assistant.ts
function I(e) {
	return e?.message ?? String(e);
}
function L(e, t) {
	e.dispatchEvent(new CustomEvent("hass-notification", {
		detail: { message: t },
		bubbles: !0,
		composed: !0
	}));
}
// src/route.ts
function He(e) {
	let [t, n, r, i, a] = e.split("/").filter(Boolean).map(Ke);
	return t !== "device" || !n ? { name: "overview" } : r === "restore" ? {
		name: "restore",
		key: n,
		backup: i ?? null,
		source: a ?? null
	} : r === "compare" && i ? {
		name: "compare",
		key: n,
		older: i,
		newer: a ?? null
	} : {
		name: "device",
		key: n
	};
}
function Ue(e) {
	switch (e.name) {
		case "overview": return "/";
		case "device": return Ge("device", e.key);
		case "restore": return Ge("device", e.key, "restore", e.backup, e.source);
		case "compare": return Ge("device", e.key, "compare", e.older, e.newer);
	}
}
function We(e, t, n = !1) {
	let r = e + Ue(t);
	n ? history.replaceState(null, "", r) : history.pushState(null, "", r), window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: n } }));
}
function Ge(...e) {
	return "/" + e.filter((e) => e !== null).map(encodeURIComponent).join("/");
}
function Ke(e) {
	try {
		return decodeURIComponent(e);
	} catch {
		return e;
	}
}
// src/texts.ts
var qe = "component.ha_device_backups";
async function Je(e) {
	let t = await e.loadBackendTranslation("config_panel", "ha_device_backups");
	return (e, n) => t(`${qe}.config_panel.${e}`, n) || e;
}
function Ye(e, t, n) {
	return e.localize(`${qe}.entity.sensor.state.state.${n}`) || t(`state.${n}`);
}
// \0@oxc-project+runtime@0.156.0/helpers/esm/decorate.js
function R(e, t, n, r) {
	var i = arguments.length, a = i < 3 ? t : r === null ? r = Object.getOwnPropertyDescriptor(t, n) : r, o;
	if (typeof Reflect == "object" && typeof Reflect.decorate == "function") a = Reflect.decorate(e, t, n, r);
	else for (var s = e.length - 1; s >= 0; s--) (o = e[s]) && (a = (i < 3 ? o(a) : i > 3 ? o(t, n, a) : o(t, n)) || a);
	return i > 3 && a && Object.defineProperty(t, n, a), a;
}
// src/panel.ts
var z = class extends N {
	constructor(...e) {
		super(...e), this.route = {
			prefix: "/device-backups",
			path: ""
		}, this.narrow = !1, this.texts = null, this.devices = null, this.error = null, this.language = "", this.path = null, this.view = { name: "overview" }, this.leave = null;
	}
	connectedCallback() {
		super.connectedCallback(), this.hasUpdated && this.follow();
	}
	disconnectedCallback() {
		super.disconnectedCallback(), this.leave?.(), this.leave = null;
	}
	firstUpdated() {
		this.follow();
	}
	willUpdate(e) {
		this.route.path !== this.path && (this.path = this.route.path, this.view = He(this.route.path)), e.has("hass") && this.hass.language !== this.language && (this.language = this.hass.language, Je(this.hass).then((e) => this.texts = e));
	}
	async follow() {
		try {
			let e = await new Re(this.hass).followDevices((e) => {
				this.devices = ze(this.devices ?? /* @__PURE__ */ new Map(), e);
			});
			this.isConnected ? this.leave = e : await e();
		} catch (e) {
			this.error = I(e);
		}
	}
	render() {
		let { view: e } = this;
		return T`<ha-top-app-bar-fixed .narrow=${this.narrow}>
      ${e.name === "overview" ? T`<ha-menu-button slot="navigationIcon" .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>` : T`<ha-icon-button-arrow-prev
              slot="navigationIcon"
              .label=${this.texts?.("back") ?? ""}
              @click=${() => We(this.route.prefix, Xe(e))}
            ></ha-icon-button-arrow-prev>`}
      <div slot="title">${this.texts?.("title") ?? ""}</div>
      <main>${this.content(e)}</main>
    </ha-top-app-bar-fixed>`;
	}
	content(e) {
		if (this.error !== null) return T`<ha-alert alert-type="error">${this.error}</ha-alert>`;
		if (!this.texts || !this.devices) return T`<div class="waiting"><ha-spinner></ha-spinner></div>`;
		let t = e.name === "overview" ? null : this.devices.get(e.key) ?? null;
		switch (e.name) {
			case "overview": return T`<device-backups-overview
          .hass=${this.hass}
          .texts=${this.texts}
          .root=${this.route.prefix}
          .devices=${this.devices}
        ></device-backups-overview>`;
			case "restore": return T`<device-backups-restore
          .hass=${this.hass}
          .texts=${this.texts}
          .root=${this.route.prefix}
          .devices=${this.devices}
          .device=${t}
          .view=${e}
        ></device-backups-restore>`;
			case "compare": return T`<device-backups-compare
          .hass=${this.hass}
          .texts=${this.texts}
          .root=${this.route.prefix}
          .device=${t}
          .view=${e}
        ></device-backups-compare>`;
			case "device": return T`<device-backups-device
          .hass=${this.hass}
          .texts=${this.texts}
          .root=${this.route.prefix}
          .device=${t}
        ></device-backups-device>`;
		}
	}
	static {
		this.styles = o`
    main {
      display: block;
      box-sizing: border-box;
      max-width: 1040px;
      margin: 0 auto;
      padding: 16px;
    }
    .waiting {
      display: flex;
      justify-content: center;
      padding: 48px;
    }
  `;
	}
};
R([P({ attribute: !1 })], z.prototype, "hass", void 0), R([P({ attribute: !1 })], z.prototype, "route", void 0), R([P({ type: Boolean })], z.prototype, "narrow", void 0), R([F()], z.prototype, "texts", void 0), R([F()], z.prototype, "devices", void 0), R([F()], z.prototype, "error", void 0);
function Xe(e) {
	return e.name === "restore" || e.name === "compare" ? {
		name: "device",
		key: e.key
	} : { name: "overview" };
}
// src/base.ts
var B = o`
  :host {
    display: block;
    color: var(--primary-text-color);
  }
  ha-card {
    display: block;
    margin-bottom: 16px;
  }
  .content {
    padding: 16px;
  }
  h1 {
    font-size: 24px;
    font-weight: 400;
    margin: 0 0 8px;
    overflow-wrap: anywhere;
  }
  h2 {
    font-size: 18px;
    font-weight: 500;
    margin: 0 0 8px;
  }
  .quiet {
    color: var(--secondary-text-color);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .space {
    flex: 1;
  }
  ul {
    margin: 4px 0 12px;
    padding-inline-start: 20px;
  }
  li {
    overflow-wrap: anywhere;
  }
  .label {
    display: inline-block;
    border-radius: 12px;
    padding: 2px 10px;
    font-size: 13px;
    line-height: 20px;
    border: 1px solid var(--divider-color);
    color: var(--primary-text-color);
  }
  .label.problem {
    border-color: var(--error-color);
  }
  .label.good {
    border-color: var(--success-color);
  }
  select {
    display: block;
    font: inherit;
    width: 100%;
    box-sizing: border-box;
    min-height: 40px;
    margin-top: 4px;
    padding: 0 8px;
    border: 1px solid var(--divider-color);
    border-radius: 8px;
    color: inherit;
    background: var(--card-background-color);
  }
  button:focus-visible,
  a:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  a {
    color: var(--primary-color);
  }
`, V = class extends N {
	constructor(...e) {
		super(...e), this.root = "";
	}
	get api() {
		return new Re(this.hass);
	}
	get formats() {
		return {
			language: this.hass.locale.language,
			timeZone: this.hass.config.time_zone
		};
	}
	show(e, t = !1) {
		We(this.root, e, t);
	}
	unfinished(e) {
		let { unfinished_restore: t, key: n } = e;
		if (!t || e.busy === "restore") return D;
		let r = t.source_key === n ? null : t.source_key, i = t.safety_backup_id;
		return T`<ha-alert alert-type="warning" .title=${this.texts("device.unfinished_heading")}
      >${this.texts("device.unfinished")}
      <div class="row">
        <ha-button
          size="small"
          appearance="plain"
          @click=${() => this.show({
			name: "restore",
			key: n,
			backup: t.backup_id,
			source: r
		})}
          >${this.texts("device.continue")}</ha-button
        >
        ${i ? T`<ha-button
                size="small"
                appearance="plain"
                @click=${() => this.show({
			name: "restore",
			key: n,
			backup: i,
			source: null
		})}
                >${this.texts("end.undo")}</ha-button
              >` : D}
      </div></ha-alert
    >`;
	}
	static {
		this.styles = B;
	}
};
R([P({ attribute: !1 })], V.prototype, "hass", void 0), R([P({ attribute: !1 })], V.prototype, "texts", void 0), R([P()], V.prototype, "root", void 0);
// src/format.ts
var Ze = [
	["year", 31536e3],
	["month", 2592e3],
	["week", 604800],
	["day", 86400],
	["hour", 3600],
	["minute", 60]
];
function H(e, t) {
	return new Intl.DateTimeFormat(t.language, {
		dateStyle: "medium",
		timeStyle: "short",
		timeZone: t.timeZone
	}).format(new Date(e));
}
function U(e, t, n) {
	let r = (new Date(e).getTime() - t.getTime()) / 1e3, i = new Intl.RelativeTimeFormat(n, { numeric: "auto" }), [a, o] = Ze.find(([, e]) => Math.abs(r) >= e) ?? ["second", Infinity];
	return i.format(a === "second" ? 0 : Math.trunc(r / o), a);
}
function W(e, t) {
	let [n, r] = e >= 1e6 ? ["megabyte", 1e6] : e >= 1e3 ? ["kilobyte", 1e3] : ["byte", 1];
	return new Intl.NumberFormat(t, {
		style: "unit",
		unit: n,
		maximumFractionDigits: n === "byte" ? 0 : 1
	}).format(e / r);
}
// src/views/overview.ts
var G = 100, K = class extends V {
	constructor(...e) {
		super(...e), this.search = "", this.onlyProblems = !1, this.rows = G, this.isBusy = !1;
	}
	render() {
		let { texts: e } = this, t = Be(this.devices, this.search, this.onlyProblems), n = [...this.devices.values()].filter((e) => e.is_problem).length;
		return T`
      <h1>${e("overview.heading")}</h1>
      <p class="quiet" role="status">
        ${n === 0 && this.devices.size > 0 ? e("overview.all_well") : e("overview.problems", {
			problems: n,
			count: this.devices.size
		})}
      </p>
      <div class="row tools">
        <input
          type="search"
          aria-label=${e("overview.search")}
          placeholder=${e("overview.search")}
          .value=${this.search}
          @input=${(e) => {
			this.search = e.target.value, this.rows = G;
		}}
        />
        <label
          ><input
            type="checkbox"
            .checked=${this.onlyProblems}
            @change=${(e) => this.onlyProblems = e.target.checked}
          />${e("overview.only_problems")}</label
        >
        <span class="space"></span>
        <ha-button appearance="plain" .disabled=${this.isBusy} @click=${() => void this.backUpAll()}
          >${e("overview.back_up_all")}</ha-button
        >
        <ha-button href="/config/integrations/dashboard/add?domain=ha_device_backups"
          >${e("overview.add")}</ha-button
        >
      </div>
      ${t.length === 0 ? T`<p>${e(this.devices.size === 0 ? "overview.empty" : "overview.nothing_found")}</p>` : T`<ha-card
              ><ul>
                ${t.slice(0, this.rows).map((e) => this.row(e))}
              </ul></ha-card
            >`}
      ${t.length > this.rows ? T`<ha-button appearance="plain" @click=${() => this.rows += G}
              >${e("overview.more", { count: t.length - this.rows })}</ha-button
            >` : D}
    `;
	}
	row(e) {
		let { texts: t } = this, n = e.is_problem ? "problem" : e.state === "ok" ? "good" : "";
		return T`<li>
      <a class="device" href=${this.root + Ue({
			name: "device",
			key: e.key
		})}>
        <span class="name">${e.title}<span class="quiet kind">${e.kind_name}</span></span>
        <span class="state"
          ><span class="label ${n}">${Ye(this.hass, t, e.state)}</span>${e.busy ? T` <span class="quiet">${t(`busy.${e.busy}`)}</span>` : D}${e.reason ? T`<span class="quiet reason">${e.reason}</span>` : D}</span
        >
        <span class="times quiet">${this.times(e)}</span>
      </a>
      ${e.restore && e.recommended ? T`<ha-button
              size="small"
              appearance="plain"
              aria-label=${t("overview.restore_device", { name: e.title })}
              @click=${() => this.show({
			name: "restore",
			key: e.key,
			backup: null,
			source: null
		})}
              >${t("restore.action")}</ha-button
            >` : D}
    </li>`;
	}
	times(e) {
		let t = /* @__PURE__ */ new Date(), { language: n } = this.formats;
		return T`${e.confirmed ? T`<span title=${H(e.confirmed, this.formats)}
            >${this.texts("overview.confirmed", { age: U(e.confirmed, t, n) })}</span
          >` : this.texts("overview.never")}
    ${e.next_run && e.state !== "removed" ? T`<span title=${H(e.next_run, this.formats)}
            >${this.texts("overview.next", { age: U(e.next_run, t, n) })}</span
          >` : D}
    ${e.in_snapshot === !1 ? T`<span>${this.texts("overview.not_in_snapshot")}</span>` : D}`;
	}
	async backUpAll() {
		this.isBusy = !0;
		try {
			L(this, (await this.api.backUpAll()).message);
		} catch (e) {
			L(this, I(e));
		} finally {
			this.isBusy = !1;
		}
	}
	static {
		this.styles = [B, o`
      .tools {
        margin-bottom: 16px;
      }
      input[type="search"] {
        font: inherit;
        flex: 1 1 220px;
        min-height: 40px;
        box-sizing: border-box;
        padding: 0 12px;
        border: 1px solid var(--divider-color);
        border-radius: 20px;
        color: inherit;
        background: var(--card-background-color);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 40px;
      }
      ha-card ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      ha-card li {
        display: flex;
        align-items: center;
        gap: 8px;
        padding-inline-end: 8px;
        border-bottom: 1px solid var(--divider-color);
      }
      ha-card li:last-child {
        border-bottom: 0;
      }
      a.device {
        flex: 1;
        min-width: 0;
        display: grid;
        grid-template-columns: minmax(120px, 2fr) minmax(140px, 3fr) minmax(120px, 2fr);
        gap: 4px 16px;
        padding: 12px 16px;
        color: inherit;
        text-decoration: none;
      }
      .kind,
      .reason,
      .times > span {
        display: block;
        font-size: 13px;
      }
      .name {
        overflow-wrap: anywhere;
      }
      @media (max-width: 600px) {
        a.device {
          grid-template-columns: 1fr;
        }
      }
    `];
	}
};
R([P({ attribute: !1 })], K.prototype, "devices", void 0), R([F()], K.prototype, "search", void 0), R([F()], K.prototype, "onlyProblems", void 0), R([F()], K.prototype, "rows", void 0), R([F()], K.prototype, "isBusy", void 0);
// src/views/device.ts
var q = class extends V {
	constructor(...e) {
		super(...e), this.device = null, this.backups = null, this.error = null, this.isBusy = !1, this.question = {
			heading: "",
			text: "",
			action: ""
		}, this.shown = "";
	}
	willUpdate(e) {
		let { device: t } = this;
		if (!e.has("device") || !t) return;
		e.get("device")?.key !== t.key && (this.backups = null);
		let n = JSON.stringify([
			t.key,
			t.newest,
			t.count,
			t.confirmed,
			t.busy
		]);
		n !== this.shown && (this.shown = n, this.load(t.key));
	}
	async load(e) {
		try {
			let { backups: t } = await this.api.backups(e);
			this.device?.key === e && (this.backups = t, this.error = null);
		} catch (e) {
			this.error = I(e);
		}
	}
	render() {
		let { device: e, texts: t } = this;
		return e ? T`
      <h1>${e.title}</h1>
      <ha-card><div class="content">${this.summary(e)}</div></ha-card>
      ${this.unfinished(e)} ${this.error ? T`<ha-alert alert-type="error">${this.error}</ha-alert>` : D}
      ${e.state === "removed" ? T`<p>${t("device.removed")}</p>` : D}
      <h2>${t("device.history")}</h2>
      ${this.backups?.length === 0 ? T`<p>${t("device.no_backups")}</p>` : D}
      <ol>
        ${(this.backups ?? []).map((t, n) => this.entry(e, t, this.backups?.[n + 1]))}
      </ol>
      <device-backups-confirm
        .heading=${this.question.heading}
        .text=${this.question.text}
        .action=${this.question.action}
        .cancel=${t("cancel")}
      ></device-backups-confirm>
    ` : T`<h1>${t("device.unknown")}</h1>
        <p>${t("device.unknown_text")}</p>`;
	}
	summary(e) {
		let { texts: t } = this, { language: n } = this.formats;
		return T`<div class="row">
        <span class="label ${e.is_problem ? "problem" : "good"}"
          >${Ye(this.hass, t, e.state)}</span
        >
        ${e.busy ? T`<span role="status">${t(`busy.${e.busy}`)}</span>` : D}
        <span class="space"></span>
        ${e.entry_id && e.state !== "removed" ? T`<ha-button appearance="plain" .disabled=${this.isBusy} @click=${() => void this.backUp(e)}
                >${t("device.back_up")}</ha-button
              >` : D}
        ${e.restore && e.recommended ? T`<ha-button
                @click=${() => this.show({
			name: "restore",
			key: e.key,
			backup: null,
			source: null
		})}
                >${t("restore.action")}</ha-button
              >` : D}
      </div>
      ${e.reason ? T`<p>${e.reason}</p>` : D}
      ${e.prompt ? T`<ha-alert alert-type="info">${e.prompt}</ha-alert>` : D}
      <p class="quiet">
        ${[
			e.kind_name,
			e.version,
			e.confirmed && t("overview.confirmed", { age: U(e.confirmed, /* @__PURE__ */ new Date(), n) }),
			e.next_run && t("overview.next", { age: U(e.next_run, /* @__PURE__ */ new Date(), n) }),
			t("device.stored", {
				count: e.count,
				size: W(e.size, n)
			})
		].filter(Boolean).join(" · ")}
      </p>
      ${e.device_id ? T`<a href="/config/devices/device/${e.device_id}">${t("device.page")}</a>` : D}`;
	}
	entry(e, t, n) {
		let { texts: r, formats: i } = this, a = [...t.missing, ...t.doubts], o = H(t.taken_at, i);
		return T`<li>
      <ha-card
        ><div class="content">
          <h3>${o}</h3>
          <p class="quiet">
            ${[
			t.confirmed > t.taken_at ? r("device.unchanged_until", { date: H(t.confirmed, i) }) : "",
			t.device_version,
			r(`trigger.${t.trigger}`),
			W(t.size, i.language)
		].filter(Boolean).join(" · ")}
          </p>
          <div class="row">${this.labels(t)}</div>
          ${t.suspect ? T`<p>${t.suspect}</p>` : D}
          ${a.length > 0 ? T`<p>${r("device.not_whole")}</p>
                  <ul>
                    ${a.map((e) => T`<li>${e.text}</li>`)}
                  </ul>` : D}
          ${t.remarks.map((e) => T`<p class="quiet">${e.text}</p>`)}
          <div class="row" role="group" aria-label=${o}>
            ${e.restore ? T`<ha-button
                    size="small"
                    appearance="plain"
                    @click=${() => this.show({
			name: "restore",
			key: e.key,
			backup: t.backup_id,
			source: null
		})}
                    >${r("restore.action")}</ha-button
                  >` : D}
            <ha-button
              size="small"
              appearance="plain"
              @click=${() => void this.try(() => this.api.download(e.key, t.backup_id))}
              >${r("device.download")}</ha-button
            >
            ${n ? T`<ha-button
                    size="small"
                    appearance="plain"
                    @click=${() => this.show({
			name: "compare",
			key: e.key,
			older: n.backup_id,
			newer: t.backup_id
		})}
                    >${r("device.compare")}</ha-button
                  >` : D}
            ${t.suspect || a.length > 0 ? T`<ha-button size="small" appearance="plain" @click=${() => void this.accept(e, t)}
                    >${r("device.accept")}</ha-button
                  >` : D}
            <ha-button
              size="small"
              appearance="plain"
              @click=${() => void this.change(e, () => this.api.protect(e.key, t.backup_id, !t.protected))}
              >${r(t.protected ? "device.unprotect" : "device.protect")}</ha-button
            >
            <ha-button
              size="small"
              appearance="plain"
              variant="danger"
              @click=${() => void this.delete(e, t, o)}
              >${r("device.delete")}</ha-button
            >
          </div>
        </div></ha-card
      >
    </li>`;
	}
	labels(e) {
		let t = [];
		return e.recommended && t.push(["recommended", "good"]), e.suspect && t.push(["suspect", "problem"]), e.whole || t.push(["not_whole", "problem"]), e.protected && t.push(["protected", ""]), e.undoes_restore_of && t.push(["before_restore", ""]), e.last_before && t.push(["before_update", ""]), e.in_snapshots.length > 0 && t.push(["in_snapshot", ""]), t.map(([e, t]) => T`<span class="label ${t}">${this.texts(`label.${e}`)}</span>`);
	}
	async backUp(e) {
		this.isBusy = !0, await this.try(async () => L(this, (await this.api.backUp(e.key)).message)), this.isBusy = !1;
	}
	async accept(e, t) {
		await this.ask("accept", {}) && await this.change(e, () => this.api.accept(e.key, t.backup_id));
	}
	async delete(e, t, n) {
		await this.ask("delete", { date: n }) && await this.change(e, async () => {
			try {
				await this.api.delete(e.key, t.backup_id, !1);
			} catch (n) {
				if (n.code !== "backup_needed") throw n;
				await this.ask("delete_needed", { reason: I(n) }) && await this.api.delete(e.key, t.backup_id, !0);
			}
		});
	}
	async ask(e, t) {
		return this.question = {
			heading: this.texts(`question.${e}.heading`, t),
			text: this.texts(`question.${e}.text`, t),
			action: this.texts(`question.${e}.action`)
		}, await this.updateComplete, this.confirm.ask();
	}
	async change(e, t) {
		await this.try(t), await this.load(e.key);
	}
	async try(e) {
		try {
			await e();
		} catch (e) {
			L(this, I(e));
		}
	}
	static {
		this.styles = [B, o`
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      h3 {
        font-size: 16px;
        font-weight: 500;
        margin: 0;
      }
      p {
        margin: 4px 0 8px;
      }
    `];
	}
};
R([P({ attribute: !1 })], q.prototype, "device", void 0), R([F()], q.prototype, "backups", void 0), R([F()], q.prototype, "error", void 0), R([F()], q.prototype, "isBusy", void 0), R([F()], q.prototype, "question", void 0), R([Ie("device-backups-confirm")], q.prototype, "confirm", void 0);
// node_modules/lit-html/directive.js
var J = {
	ATTRIBUTE: 1,
	CHILD: 2,
	PROPERTY: 3,
	BOOLEAN_ATTRIBUTE: 4,
	EVENT: 5,
	ELEMENT: 6
}, Qe = (e) => (...t) => ({
	_$litDirective$: e,
	values: t
}), $e = class {
	constructor(e) {}
	get _$AU() {
		return this._$AM._$AU;
	}
	_$AT(e, t, n) {
		this._$Ct = e, this._$AM = t, this._$Ci = n;
	}
	_$AS(e, t) {
		return this.update(e, t);
	}
	update(e, t) {
		return this.render(...t);
	}
}, { I: et } = Oe, tt = (e) => e.strings === void 0, nt = {}, rt = (e, t = nt) => e._$AH = t, Y = Qe(class extends $e {
	constructor(e) {
		if (super(e), e.type !== J.PROPERTY && e.type !== J.ATTRIBUTE && e.type !== J.BOOLEAN_ATTRIBUTE) throw Error("The `live` directive is not allowed on child or event bindings");
		if (!tt(e)) throw Error("`live` bindings can only contain a single expression");
	}
	render(e) {
		return e;
	}
	update(e, [t]) {
		if (t === E || t === D) return t;
		let n = e.element, r = e.name;
		if (e.type === J.PROPERTY) {
			if (t === n[r]) return E;
		} else if (e.type === J.BOOLEAN_ATTRIBUTE) {
			if (!!t === n.hasAttribute(r)) return E;
		} else if (e.type === J.ATTRIBUTE && n.getAttribute(r) === t + "") return E;
		return rt(e), t;
	}
}), X = class extends V {
	constructor(...e) {
		super(...e), this.device = null, this.backups = null, this.plan = null, this.steps = null, this.error = null, this.restore = null, this.isEndShown = !1, this.isStarting = !1, this.followed = "", this.leave = null, this.asked = "";
	}
	get source() {
		return this.view.source ?? this.view.key;
	}
	get backupId() {
		return this.view.backup ?? this.backups?.find((e) => e.recommended)?.backup_id ?? null;
	}
	get backup() {
		return this.backups?.find((e) => e.backup_id === this.backupId);
	}
	disconnectedCallback() {
		super.disconnectedCallback(), this.unfollow();
	}
	willUpdate(e) {
		let { device: t } = this;
		if (t && this.followed !== t.key && (this.unfollow(), this.followed = t.key, this.follow(t.key)), !e.has("view")) return;
		let n = e.get("view");
		n?.key !== this.view.key || n.source !== this.view.source ? (this.backups = null, this.loadBackups()) : this.loadPlan();
	}
	async follow(e) {
		try {
			let t = await this.api.followRestore(e, (t) => {
				this.followed === e && this.take(t);
			});
			this.isConnected && this.followed === e ? this.leave = t : await t();
		} catch (e) {
			this.error = I(e);
		}
	}
	unfollow() {
		this.leave?.(), this.leave = null, this.followed = "", this.restore = null, this.isEndShown = !1;
	}
	take(e) {
		let t = this.restore?.running === !0 && !e.running;
		this.isEndShown = !e.running && (this.isEndShown || t), this.restore = e, t && this.loadBackups();
	}
	async loadBackups() {
		let { source: e } = this;
		this.forgetPlan();
		try {
			let { backups: t } = await this.api.backups(e);
			this.source === e && (this.backups = t, await this.loadPlan());
		} catch (e) {
			this.error = I(e);
		}
	}
	forgetPlan() {
		this.plan = this.steps = this.error = null, this.asked = "";
	}
	async loadPlan() {
		let { device: e, backupId: t, source: n } = this;
		if (this.forgetPlan(), !e || !t || this.restore?.running) return;
		let r = this.asked = `${e.key} ${n} ${t}`;
		try {
			if (e.restore === "person") {
				let { steps: n } = await this.api.guide(e.key, t);
				this.asked === r && (this.steps = n);
			} else {
				let i = await this.api.plan(e.key, t, n);
				this.asked === r && (this.plan = {
					...i,
					source: n
				});
			}
		} catch (e) {
			this.asked === r && (this.error = I(e));
		}
	}
	render() {
		let { device: e, texts: t, restore: n } = this;
		if (!e) return T`<h1>${t("device.unknown")}</h1>
        <p>${t("device.unknown_text")}</p>`;
		let r = n?.running ? this.progress(n) : this.isEndShown && n?.end ? this.end(n.end) : this.choice(e);
		return T`<h1>${t("restore.heading", { name: e.title })}</h1>
      ${r}`;
	}
	choice(e) {
		let { texts: t, restore: n } = this;
		return T`
      ${this.unfinished(e)}
      ${n?.end ? T`<ha-alert alert-type=${n.end.error ? "warning" : "info"}
              >${t(n.end.error ? "restore.last_failed" : "restore.last_done")}
              <ha-button slot="action" size="small" appearance="plain" @click=${() => this.isEndShown = !0}
                >${t("restore.show_last")}</ha-button
              ></ha-alert
            >` : D}
      <ha-card
        ><div class="content">
          ${this.which()} ${e.restore === "device" ? this.onto(e) : D} ${this.gaps()}
        </div></ha-card
      >
      ${this.error ? T`<ha-alert alert-type="error"
              >${this.error}
              <ha-button slot="action" size="small" appearance="plain" @click=${() => void this.loadPlan()}
                >${t("restore.try_again")}</ha-button
              ></ha-alert
            >` : D}
      ${this.plan ? this.planned(e, this.plan) : this.steps ? this.guided(e, this.steps) : this.waiting()}
      <device-backups-confirm
        .heading=${t("question.restore.heading", { name: e.title })}
        .text=${t("question.restore.text")}
        .action=${t("restore.start")}
        .cancel=${t("cancel")}
      ></device-backups-confirm>
    `;
	}
	waiting() {
		return this.error ? D : this.backups && !this.backupId ? T`<p>${this.texts(this.backups.length === 0 ? "restore.none" : "restore.choose")}</p>` : T`<p role="status" class="row">
      <ha-spinner size="small"></ha-spinner>${this.texts("restore.planning")}
    </p>`;
	}
	which() {
		let { texts: e } = this;
		return T`<label
      >${e("restore.which")}
      <select
        @change=${(e) => this.show({
			...this.view,
			backup: e.target.value
		}, !0)}
      >
        ${this.backupId === null ? T`<option value="" disabled .selected=${!0}></option>` : D}
        ${(this.backups ?? []).map((e) => T`<option value=${e.backup_id} .selected=${Y(e.backup_id === this.backupId)}>
              ${this.describe(e)}
            </option>`)}
      </select></label
    >`;
	}
	describe(e) {
		let t = [
			e.recommended && "recommended",
			e.suspect && "suspect",
			!e.whole && "not_whole",
			e.undoes_restore_of && "before_restore"
		].filter((e) => typeof e == "string"), n = [e.device_version, ...t.map((e) => this.texts(`label.${e}`))].filter(Boolean);
		return [H(e.taken_at, this.formats), ...n].join(" · ");
	}
	onto(e) {
		let { texts: t } = this, n = it(e.key), r = [...this.devices.values()].filter((e) => it(e.key) === n && (e.state !== "removed" || e.key === this.source));
		return r.length < 2 ? D : T`<label
      >${t("restore.from")}
      <select
        @change=${(t) => {
			let n = t.target.value;
			this.show({
				...this.view,
				backup: null,
				source: n === e.key ? null : n
			}, !0);
		}}
      >
        ${r.map((n) => T`<option value=${n.key} .selected=${Y(n.key === this.source)}>
              ${n.key === e.key ? t("restore.itself", { name: n.title }) : n.title}
            </option>`)}
      </select></label
    >`;
	}
	gaps() {
		let e = this.backup ? [...this.backup.missing, ...this.backup.doubts] : [];
		return e.length === 0 ? D : T`<p>${this.texts("device.not_whole")}</p>
          <ul>
            ${e.map((e) => T`<li>${e.text}</li>`)}
          </ul>`;
	}
	planned(e, t) {
		let { texts: n } = this, r = t.files.filter((e) => e.change !== "unchanged"), i = t.files.length - r.length;
		return T`<ha-card
        ><div class="content">
          <h2>${n("plan.heading")}</h2>
          ${r.length === 0 ? T`<p>${n("plan.nothing")}</p>` : T`<ul>
                  ${r.map((e) => T`<li>
                        ${e.name}: ${n(`plan.${e.change}`)}
                        ${e.details.length > 0 ? this.details(e.details) : D}
                      </li>`)}
                </ul>`}
          ${i > 0 ? T`<p class="quiet">${n("plan.unchanged", { count: i })}</p>` : D}
          ${this.list("plan.refused", t.refused)} ${this.list("plan.needs", t.needs)}
          ${t.restarts ? T`<p>${n("plan.restarts")}</p>` : D}
          <p class="quiet">${n("plan.safety")}</p>
        </div></ha-card
      >
      ${t.risks.map((e) => T`<ha-alert alert-type="warning">${e}</ha-alert>`)}
      ${r.length > 0 ? T`<div class="row end">
              <ha-button .disabled=${this.isStarting} @click=${() => void this.start(e, t)}
                >${n("restore.start")}</ha-button
              >
            </div>` : D}`;
	}
	details(e) {
		let t = T`<ul>
      ${e.map((e) => T`<li>${e}</li>`)}
    </ul>`;
		return e.length <= 6 ? t : T`<details>
          <summary>${this.texts("plan.details", { count: e.length })}</summary>
          ${t}
        </details>`;
	}
	list(e, t) {
		return t.length === 0 ? D : T`<h3>${this.texts(e)}</h3>
          <ul>
            ${t.map((e) => T`<li>${e}</li>`)}
          </ul>`;
	}
	guided(e, t) {
		let { texts: n, backupId: r } = this;
		return T`<ha-card
      ><div class="content">
        <h2>${n("restore.by_person")}</h2>
        <ol>
          ${t.map((e) => T`<li>${e}</li>`)}
        </ol>
        <ha-button
          @click=${() => void this.api.download(e.key, r ?? "").catch((e) => L(this, I(e)))}
          >${n("device.download")}</ha-button
        >
      </div></ha-card
    >`;
	}
	progress(e) {
		let t = e.share === null ? null : Math.round(e.share * 100);
		return T`<ha-card
      ><div class="content">
        <h2>${this.texts("restore.running")}</h2>
        ${t === null ? T`<progress aria-label=${this.texts("restore.running")}></progress>` : T`<progress aria-label=${this.texts("restore.running")} max="100" .value=${t}></progress>`}
        <p role="status">${e.text ?? this.texts("restore.begun")}</p>
        ${e.prompt ? T`<ha-alert alert-type="info">${e.prompt}</ha-alert>` : D}
        <p class="quiet">${this.texts("restore.goes_on")}</p>
      </div></ha-card
    >`;
	}
	end(e) {
		let { texts: t, device: n } = this;
		return T`<ha-alert alert-type=${e.error ? "error" : "success"}
        >${e.error ?? t("restore.done", { date: H(e.taken_at, this.formats) })}</ha-alert
      >
      <ha-card
        ><div class="content">
          ${this.list("end.proven", e.proven)} ${this.list("end.unproven", e.unproven)}
          ${this.list("end.needs", e.needs)}
          <div class="row">
            <ha-button appearance="plain" @click=${() => this.show({
			name: "device",
			key: n?.key ?? ""
		})}
              >${t("end.to_device")}</ha-button
            >
            ${e.safety_backup_id && n ? T`<ha-button
                    appearance="plain"
                    @click=${() => {
			this.isEndShown = !1, this.show({
				name: "restore",
				key: n.key,
				backup: e.safety_backup_id,
				source: null
			});
		}}
                    >${t("end.undo")}</ha-button
                  >` : D}
            ${e.error ? T`<ha-button
                    @click=${() => {
			this.isEndShown = !1, this.show({
				...this.view,
				backup: e.backup_id
			}), this.loadPlan();
		}}
                    >${t("restore.try_again")}</ha-button
                  >` : D}
          </div>
        </div></ha-card
      >`;
	}
	async start(e, t) {
		if (!(t.risks.length > 0 && !await this.confirm.ask())) {
			this.isStarting = !0;
			try {
				await this.api.restore(e.key, t.backup_id, t.source);
			} catch (e) {
				this.error = I(e);
			} finally {
				this.isStarting = !1;
			}
		}
	}
	static {
		this.styles = [B, o`
      label {
        display: block;
        margin-bottom: 12px;
      }
      progress {
        width: 100%;
        accent-color: var(--primary-color);
      }
      h3 {
        font-size: 15px;
        font-weight: 500;
        margin: 12px 0 0;
      }
      .end {
        justify-content: flex-end;
      }
    `];
	}
};
R([P({ attribute: !1 })], X.prototype, "devices", void 0), R([P({ attribute: !1 })], X.prototype, "device", void 0), R([P({ attribute: !1 })], X.prototype, "view", void 0), R([F()], X.prototype, "backups", void 0), R([F()], X.prototype, "plan", void 0), R([F()], X.prototype, "steps", void 0), R([F()], X.prototype, "error", void 0), R([F()], X.prototype, "restore", void 0), R([F()], X.prototype, "isEndShown", void 0), R([F()], X.prototype, "isStarting", void 0), R([Ie("device-backups-confirm")], X.prototype, "confirm", void 0);
function it(e) {
	return e.split(":", 1)[0] ?? "";
}
// src/views/compare.ts
var Z = "", Q = class extends V {
	constructor(...e) {
		super(...e), this.device = null, this.backups = [], this.found = null, this.error = null;
	}
	willUpdate(e) {
		e.has("view") && (e.get("view")?.key !== this.view.key && (this.backups = [], this.loadBackups()), this.load());
	}
	async loadBackups() {
		try {
			this.backups = (await this.api.backups(this.view.key)).backups;
		} catch (e) {
			this.error = I(e);
		}
	}
	async load() {
		let { view: e } = this;
		this.found = this.error = null;
		try {
			let t = await this.api.compare(e.key, e.older, e.newer);
			this.view === e && (this.found = t);
		} catch (t) {
			this.view === e && (this.error = I(t));
		}
	}
	render() {
		let { device: e, texts: t, view: n } = this;
		return e ? T`
      <h1>${t("compare.heading", { name: e.title })}</h1>
      <ha-card
        ><div class="content sides">
          ${this.side("compare.older", n.older, !1, (e) => ({
			...n,
			older: e
		}))}
          ${this.side("compare.newer", n.newer ?? Z, !0, (e) => ({
			...n,
			newer: e === Z ? null : e
		}))}
        </div></ha-card
      >
      ${this.error ? T`<ha-alert alert-type="error">${this.error}</ha-alert>` : this.found ? this.differences(this.found) : T`<p role="status" class="row"><ha-spinner size="small"></ha-spinner>${t("compare.running")}</p>`}
    ` : T`<h1>${t("device.unknown")}</h1>
        <p>${t("device.unknown_text")}</p>`;
	}
	side(e, t, n, r) {
		return T`<label
      >${this.texts(e)}
      <select @change=${(e) => this.show(r(e.target.value), !0)}>
        ${n && this.device?.state !== "removed" ? T`<option value=${Z} .selected=${Y(t === Z)}>${this.texts("compare.now")}</option>` : D}
        ${this.backups.map(({ backup_id: e, taken_at: n }) => T`<option value=${e} .selected=${Y(e === t)}>
              ${H(n, this.formats)}
            </option>`)}
      </select></label
    >`;
	}
	differences(e) {
		let { texts: t } = this, n = [...e.files].sort((e, t) => Number(t.counts) - Number(e.counts)), r = e.files.filter((e) => e.counts).length + e.more;
		return T`
      <p role="status">
        ${e.files.length === 0 ? t("compare.equal") : e.counts ? t("compare.differs", { count: r }) : t("compare.only_by_itself")}
      </p>
      ${n.map((e) => this.file(e))}
      ${e.more > 0 ? T`<p>${t("compare.more_files", { count: e.more })}</p>` : D}
      ${e.unchanged > 0 ? T`<p class="quiet">${t("plan.unchanged", { count: e.unchanged })}</p>` : D}
    `;
	}
	file(e) {
		let { texts: t } = this, n = e.settings.length + e.lines.length + e.members.length > 0;
		return T`<ha-card class=${e.counts ? "" : "quiet"}
      ><div class="content">
        <h2>${e.path}</h2>
        <p class="quiet">
          ${[
			t(`compare.${e.change}`),
			this.sizes(e),
			e.counts ? "" : t("compare.by_itself")
		].filter(Boolean).join(" · ")}
        </p>
        ${e.settings.length > 0 ? this.settings(e) : D}
        ${e.lines.length > 0 ? T`<pre tabindex="0">
${e.lines.map((e) => T`<span class=${e.change}
                      >${e.change === "removed" ? "−" : "+"} ${e.text}${"\n"}</span
                    >`)}</pre>` : D}
        ${e.members.length > 0 ? T`<ul>
                ${e.members.map((e) => T`<li>${e.path}: ${t(`compare.${e.change}`)} (${this.sizes(e)})</li>`)}
              </ul>` : D}
        ${!n && e.change === "changed" ? T`<p>${t("compare.not_shown")}</p>` : D}
        ${e.more > 0 ? T`<p>${t("compare.more", { count: e.more })}</p>` : D}
      </div></ha-card
    >`;
	}
	settings(e) {
		let { texts: t } = this;
		return T`<div class="scroll" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">${t("compare.setting")}</th>
            <th scope="col">${t("compare.before")}</th>
            <th scope="col">${t("compare.after")}</th>
          </tr>
        </thead>
        <tbody>
          ${e.settings.map((e) => T`<tr class=${e.counts ? "" : "quiet"}>
                <th scope="row">${e.path.join(" › ")}</th>
                ${e.masked && e.before === e.after ? T`<td colspan="2">${t("compare.secret")}</td>` : T`<td>${e.change === "added" ? "" : at(e.before)}</td>
                        <td>${e.change === "removed" ? "" : at(e.after)}</td>`}
              </tr>`)}
        </tbody>
      </table>
    </div>`;
	}
	sizes({ size_before: e, size_after: t }) {
		let n = [e, t].filter((e) => e !== null);
		return [...new Set(n)].map((e) => W(e, this.formats.language)).join(" → ");
	}
	static {
		this.styles = [B, o`
      .sides {
        display: flex;
        flex-wrap: wrap;
        gap: 16px;
      }
      label {
        flex: 1 1 240px;
      }
      h2 {
        overflow-wrap: anywhere;
      }
      .scroll,
      pre {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        width: 100%;
      }
      th,
      td {
        text-align: start;
        font-weight: 400;
        vertical-align: top;
        padding: 4px 8px 4px 0;
        overflow-wrap: anywhere;
        border-bottom: 1px solid var(--divider-color);
      }
      thead th {
        color: var(--secondary-text-color);
      }
      pre span {
        white-space: pre;
      }
      .removed {
        text-decoration: line-through;
        color: var(--secondary-text-color);
      }
    `];
	}
};
R([P({ attribute: !1 })], Q.prototype, "device", void 0), R([P({ attribute: !1 })], Q.prototype, "view", void 0), R([F()], Q.prototype, "backups", void 0), R([F()], Q.prototype, "found", void 0), R([F()], Q.prototype, "error", void 0);
function at(e) {
	return e === null ? "–" : typeof e == "string" ? e : JSON.stringify(e);
}
// src/elements/confirm.ts
var $ = class extends N {
	constructor(...e) {
		super(...e), this.heading = "", this.text = "", this.action = "", this.cancel = "", this.isOpen = !1, this.answer = () => void 0;
	}
	async ask() {
		return this.isOpen = !0, await this.updateComplete, this.dialog.showModal(), new Promise((e) => this.answer = e);
	}
	render() {
		return this.isOpen ? T`<dialog @close=${() => this.end(!1)} aria-labelledby="heading">
      <h2 id="heading">${this.heading}</h2>
      <p>${this.text}</p>
      <div class="buttons">
        <button autofocus @click=${() => this.end(!1)}>${this.cancel}</button>
        <button class="danger" @click=${() => this.end(!0)}>${this.action}</button>
      </div>
    </dialog>` : T``;
	}
	end(e) {
		this.isOpen && (this.isOpen = !1, this.answer(e));
	}
	static {
		this.styles = o`
    dialog {
      max-width: min(480px, calc(100vw - 48px));
      border: 0;
      border-radius: 16px;
      padding: 24px;
      color: var(--primary-text-color);
      background: var(--card-background-color);
    }
    dialog::backdrop {
      background: rgb(0 0 0 / 50%);
    }
    h2 {
      margin: 0 0 8px;
      font-weight: 500;
    }
    .buttons {
      display: flex;
      flex-wrap: wrap;
      justify-content: flex-end;
      gap: 8px;
    }
    button {
      font: inherit;
      min-height: 40px;
      padding: 0 16px;
      border-radius: 20px;
      border: 1px solid var(--divider-color);
      color: var(--primary-text-color);
      background: none;
      cursor: pointer;
    }
    button.danger {
      border-color: var(--error-color);
    }
    button:focus-visible {
      outline: 2px solid var(--primary-color);
    }
  `;
	}
};
R([P()], $.prototype, "heading", void 0), R([P()], $.prototype, "text", void 0), R([P()], $.prototype, "action", void 0), R([P()], $.prototype, "cancel", void 0), R([F()], $.prototype, "isOpen", void 0), R([Ie("dialog")], $.prototype, "dialog", void 0);
// src/main.ts
var ot = {
	"device-backups-confirm": $,
	"device-backups-overview": K,
	"device-backups-device": q,
	"device-backups-compare": Q,
	"device-backups-restore": X,
	"device-backups-panel": z
};
for (let [e, t] of Object.entries(ot)) customElements.get(e) || customElements.define(e, t);
