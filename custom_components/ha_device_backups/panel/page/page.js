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
})(e) : e, { is: l, defineProperty: u, getOwnPropertyDescriptor: d, getOwnPropertyNames: f, getOwnPropertySymbols: p, getPrototypeOf: m } = Object, ee = globalThis, te = ee.trustedTypes, ne = te ? te.emptyScript : "", re = ee.reactiveElementPolyfillSupport, ie = (e, t) => e, ae = {
	toAttribute(e, t) {
		switch (t) {
			case Boolean:
				e = e ? ne : null;
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
}, oe = (e, t) => !l(e, t), se = {
	attribute: !0,
	type: String,
	converter: ae,
	reflect: !1,
	useDefault: !1,
	hasChanged: oe
};
Symbol.metadata ??= Symbol("metadata"), ee.litPropertyMetadata ??= /* @__PURE__ */ new WeakMap();
var h = class extends HTMLElement {
	static addInitializer(e) {
		this._$Ei(), (this.l ??= []).push(e);
	}
	static get observedAttributes() {
		return this.finalize(), this._$Eh && [...this._$Eh.keys()];
	}
	static createProperty(e, t = se) {
		if (t.state && (t.attribute = !1), this._$Ei(), this.prototype.hasOwnProperty(e) && ((t = Object.create(t)).wrapped = !0), this.elementProperties.set(e, t), !t.noAccessor) {
			let n = Symbol(), r = this.getPropertyDescriptor(e, n, t);
			r !== void 0 && u(this.prototype, e, r);
		}
	}
	static getPropertyDescriptor(e, t, n) {
		let { get: r, set: i } = d(this.prototype, e) ?? {
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
		return this.elementProperties.get(e) ?? se;
	}
	static _$Ei() {
		if (this.hasOwnProperty(ie("elementProperties"))) return;
		let e = m(this);
		e.finalize(), e.l !== void 0 && (this.l = [...e.l]), this.elementProperties = new Map(e.elementProperties);
	}
	static finalize() {
		if (this.hasOwnProperty(ie("finalized"))) return;
		if (this.finalized = !0, this._$Ei(), this.hasOwnProperty(ie("properties"))) {
			let e = this.properties, t = [...f(e), ...p(e)];
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
			let i = (n.converter?.toAttribute === void 0 ? ae : n.converter).toAttribute(t, n.type);
			this._$Em = e, i == null ? this.removeAttribute(r) : this.setAttribute(r, i), this._$Em = null;
		}
	}
	_$AK(e, t) {
		let n = this.constructor, r = n._$Eh.get(e);
		if (r !== void 0 && this._$Em !== r) {
			let e = n.getPropertyOptions(r), i = typeof e.converter == "function" ? { fromAttribute: e.converter } : e.converter?.fromAttribute === void 0 ? ae : e.converter;
			this._$Em = r;
			let a = i.fromAttribute(t, e.type);
			this[r] = a ?? this._$Ej?.get(r) ?? a, this._$Em = null;
		}
	}
	requestUpdate(e, t, n, r = !1, i) {
		if (e !== void 0) {
			let a = this.constructor;
			if (!1 === r && (i = this[e]), n ??= a.getPropertyOptions(e), !((n.hasChanged ?? oe)(i, t) || n.useDefault && n.reflect && i === this._$Ej?.get(e) && !this.hasAttribute(a._$Eu(e, n)))) return;
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
h.elementStyles = [], h.shadowRootOptions = { mode: "open" }, h[ie("elementProperties")] = /* @__PURE__ */ new Map(), h[ie("finalized")] = /* @__PURE__ */ new Map(), re?.({ ReactiveElement: h }), (ee.reactiveElementVersions ??= []).push("2.1.2");
// node_modules/lit-html/lit-html.js
var ce = globalThis, le = (e) => e, ue = ce.trustedTypes, de = ue ? ue.createPolicy("lit-html", { createHTML: (e) => e }) : void 0, fe = "$lit$", g = `lit$${Math.random().toFixed(9).slice(2)}$`, pe = "?" + g, me = `<${pe}>`, _ = document, v = () => _.createComment(""), he = (e) => e === null || typeof e != "object" && typeof e != "function", ge = Array.isArray, _e = (e) => ge(e) || typeof e?.[Symbol.iterator] == "function", ve = "[ 	\n\f\r]", y = /<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g, ye = /-->/g, be = />/g, b = RegExp(`>|${ve}(?:([^\\s"'>=/]+)(${ve}*=${ve}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`, "g"), xe = /'/g, Se = /"/g, Ce = /^(?:script|style|textarea|title)$/i, x = ((e) => (t, ...n) => ({
	_$litType$: e,
	strings: t,
	values: n
}))(1), S = Symbol.for("lit-noChange"), C = Symbol.for("lit-nothing"), we = /* @__PURE__ */ new WeakMap(), w = _.createTreeWalker(_, 129);
function Te(e, t) {
	if (!ge(e) || !e.hasOwnProperty("raw")) throw Error("invalid template strings array");
	return de === void 0 ? t : de.createHTML(t);
}
var Ee = (e, t) => {
	let n = e.length - 1, r = [], i, a = t === 2 ? "<svg>" : t === 3 ? "<math>" : "", o = y;
	for (let t = 0; t < n; t++) {
		let n = e[t], s, c, l = -1, u = 0;
		for (; u < n.length && (o.lastIndex = u, c = o.exec(n), c !== null);) u = o.lastIndex, o === y ? c[1] === "!--" ? o = ye : c[1] === void 0 ? c[2] === void 0 ? c[3] !== void 0 && (o = b) : (Ce.test(c[2]) && (i = RegExp("</" + c[2], "g")), o = b) : o = be : o === b ? c[0] === ">" ? (o = i ?? y, l = -1) : c[1] === void 0 ? l = -2 : (l = o.lastIndex - c[2].length, s = c[1], o = c[3] === void 0 ? b : c[3] === "\"" ? Se : xe) : o === Se || o === xe ? o = b : o === ye || o === be ? o = y : (o = b, i = void 0);
		let d = o === b && e[t + 1].startsWith("/>") ? " " : "";
		a += o === y ? n + me : l >= 0 ? (r.push(s), n.slice(0, l) + fe + n.slice(l) + g + d) : n + g + (l === -2 ? t : d);
	}
	return [Te(e, a + (e[n] || "<?>") + (t === 2 ? "</svg>" : t === 3 ? "</math>" : "")), r];
}, De = class e {
	constructor({ strings: t, _$litType$: n }, r) {
		let i;
		this.parts = [];
		let a = 0, o = 0, s = t.length - 1, c = this.parts, [l, u] = Ee(t, n);
		if (this.el = e.createElement(l, r), w.currentNode = this.el.content, n === 2 || n === 3) {
			let e = this.el.content.firstChild;
			e.replaceWith(...e.childNodes);
		}
		for (; (i = w.nextNode()) !== null && c.length < s;) {
			if (i.nodeType === 1) {
				if (i.hasAttributes()) for (let e of i.getAttributeNames()) if (e.endsWith(fe)) {
					let t = u[o++], n = i.getAttribute(e).split(g), r = /([.?@])?(.*)/.exec(t);
					c.push({
						type: 1,
						index: a,
						name: r[2],
						strings: n,
						ctor: r[1] === "." ? je : r[1] === "?" ? Me : r[1] === "@" ? Ne : Ae
					}), i.removeAttribute(e);
				} else e.startsWith(g) && (c.push({
					type: 6,
					index: a
				}), i.removeAttribute(e));
				if (Ce.test(i.tagName)) {
					let e = i.textContent.split(g), t = e.length - 1;
					if (t > 0) {
						i.textContent = ue ? ue.emptyScript : "";
						for (let n = 0; n < t; n++) i.append(e[n], v()), w.nextNode(), c.push({
							type: 2,
							index: ++a
						});
						i.append(e[t], v());
					}
				}
			} else if (i.nodeType === 8) {
				if (i.data === pe) c.push({
					type: 2,
					index: a
				});
				else {
					let e = -1;
					for (; (e = i.data.indexOf(g, e + 1)) !== -1;) c.push({
						type: 7,
						index: a
					}), e += g.length - 1;
				}
			}
			a++;
		}
	}
	static createElement(e, t) {
		let n = _.createElement("template");
		return n.innerHTML = e, n;
	}
};
function T(e, t, n = e, r) {
	if (t === S) return t;
	let i = r === void 0 ? n._$Cl : n._$Co?.[r], a = he(t) ? void 0 : t._$litDirective$;
	return i?.constructor !== a && (i?._$AO?.(!1), a === void 0 ? i = void 0 : (i = new a(e), i._$AT(e, n, r)), r === void 0 ? n._$Cl = i : (n._$Co ??= [])[r] = i), i !== void 0 && (t = T(e, i._$AS(e, t.values), i, r)), t;
}
var Oe = class {
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
		let { el: { content: t }, parts: n } = this._$AD, r = (e?.creationScope ?? _).importNode(t, !0);
		w.currentNode = r;
		let i = w.nextNode(), a = 0, o = 0, s = n[0];
		for (; s !== void 0;) {
			if (a === s.index) {
				let t;
				s.type === 2 ? t = new ke(i, i.nextSibling, this, e) : s.type === 1 ? t = new s.ctor(i, s.name, s.strings, this, e) : s.type === 6 && (t = new Pe(i, this, e)), this._$AV.push(t), s = n[++o];
			}
			a !== s?.index && (i = w.nextNode(), a++);
		}
		return w.currentNode = _, r;
	}
	p(e) {
		let t = 0;
		for (let n of this._$AV) n !== void 0 && (n.strings === void 0 ? n._$AI(e[t]) : (n._$AI(e, n, t), t += n.strings.length - 2)), t++;
	}
}, ke = class e {
	get _$AU() {
		return this._$AM?._$AU ?? this._$Cv;
	}
	constructor(e, t, n, r) {
		this.type = 2, this._$AH = C, this._$AN = void 0, this._$AA = e, this._$AB = t, this._$AM = n, this.options = r, this._$Cv = r?.isConnected ?? !0;
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
		e = T(this, e, t), he(e) ? e === C || e == null || e === "" ? (this._$AH !== C && this._$AR(), this._$AH = C) : e !== this._$AH && e !== S && this._(e) : e._$litType$ === void 0 ? e.nodeType === void 0 ? _e(e) ? this.k(e) : this._(e) : this.T(e) : this.$(e);
	}
	O(e) {
		return this._$AA.parentNode.insertBefore(e, this._$AB);
	}
	T(e) {
		this._$AH !== e && (this._$AR(), this._$AH = this.O(e));
	}
	_(e) {
		this._$AH !== C && he(this._$AH) ? this._$AA.nextSibling.data = e : this.T(_.createTextNode(e)), this._$AH = e;
	}
	$(e) {
		let { values: t, _$litType$: n } = e, r = typeof n == "number" ? this._$AC(e) : (n.el === void 0 && (n.el = De.createElement(Te(n.h, n.h[0]), this.options)), n);
		if (this._$AH?._$AD === r) this._$AH.p(t);
		else {
			let e = new Oe(r, this), n = e.u(this.options);
			e.p(t), this.T(n), this._$AH = e;
		}
	}
	_$AC(e) {
		let t = we.get(e.strings);
		return t === void 0 && we.set(e.strings, t = new De(e)), t;
	}
	k(t) {
		ge(this._$AH) || (this._$AH = [], this._$AR());
		let n = this._$AH, r, i = 0;
		for (let a of t) i === n.length ? n.push(r = new e(this.O(v()), this.O(v()), this, this.options)) : r = n[i], r._$AI(a), i++;
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
}, Ae = class {
	get tagName() {
		return this.element.tagName;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	constructor(e, t, n, r, i) {
		this.type = 1, this._$AH = C, this._$AN = void 0, this.element = e, this.name = t, this._$AM = r, this.options = i, n.length > 2 || n[0] !== "" || n[1] !== "" ? (this._$AH = Array(n.length - 1).fill(/* @__PURE__ */ new String()), this.strings = n) : this._$AH = C;
	}
	_$AI(e, t = this, n, r) {
		let i = this.strings, a = !1;
		if (i === void 0) e = T(this, e, t, 0), a = !he(e) || e !== this._$AH && e !== S, a && (this._$AH = e);
		else {
			let r = e, o, s;
			for (e = i[0], o = 0; o < i.length - 1; o++) s = T(this, r[n + o], t, o), s === S && (s = this._$AH[o]), a ||= !he(s) || s !== this._$AH[o], s === C ? e = C : e !== C && (e += (s ?? "") + i[o + 1]), this._$AH[o] = s;
		}
		a && !r && this.j(e);
	}
	j(e) {
		e === C ? this.element.removeAttribute(this.name) : this.element.setAttribute(this.name, e ?? "");
	}
}, je = class extends Ae {
	constructor() {
		super(...arguments), this.type = 3;
	}
	j(e) {
		this.element[this.name] = e === C ? void 0 : e;
	}
}, Me = class extends Ae {
	constructor() {
		super(...arguments), this.type = 4;
	}
	j(e) {
		this.element.toggleAttribute(this.name, !!e && e !== C);
	}
}, Ne = class extends Ae {
	constructor(e, t, n, r, i) {
		super(e, t, n, r, i), this.type = 5;
	}
	_$AI(e, t = this) {
		if ((e = T(this, e, t, 0) ?? C) === S) return;
		let n = this._$AH, r = e === C && n !== C || e.capture !== n.capture || e.once !== n.once || e.passive !== n.passive, i = e !== C && (n === C || r);
		r && this.element.removeEventListener(this.name, this, n), i && this.element.addEventListener(this.name, this, e), this._$AH = e;
	}
	handleEvent(e) {
		typeof this._$AH == "function" ? this._$AH.call(this.options?.host ?? this.element, e) : this._$AH.handleEvent(e);
	}
}, Pe = class {
	constructor(e, t, n) {
		this.element = e, this.type = 6, this._$AN = void 0, this._$AM = t, this.options = n;
	}
	get _$AU() {
		return this._$AM._$AU;
	}
	_$AI(e) {
		T(this, e);
	}
}, Fe = {
	M: fe,
	P: g,
	A: pe,
	C: 1,
	L: Ee,
	R: Oe,
	D: _e,
	V: T,
	I: ke,
	H: Ae,
	N: Me,
	U: Ne,
	B: je,
	F: Pe
}, Ie = ce.litHtmlPolyfillSupport;
Ie?.(De, ke), (ce.litHtmlVersions ??= []).push("3.3.3");
var Le = (e, t, n) => {
	let r = n?.renderBefore ?? t, i = r._$litPart$;
	if (i === void 0) {
		let e = n?.renderBefore ?? null;
		r._$litPart$ = i = new ke(t.insertBefore(v(), e), e, void 0, n ?? {});
	}
	return i._$AI(e), i;
}, Re = globalThis, E = class extends h {
	constructor() {
		super(...arguments), this.renderOptions = { host: this }, this._$Do = void 0;
	}
	createRenderRoot() {
		let e = super.createRenderRoot();
		return this.renderOptions.renderBefore ??= e.firstChild, e;
	}
	update(e) {
		let t = this.render();
		this.hasUpdated || (this.renderOptions.isConnected = this.isConnected), super.update(e), this._$Do = Le(t, this.renderRoot, this.renderOptions);
	}
	connectedCallback() {
		super.connectedCallback(), this._$Do?.setConnected(!0);
	}
	disconnectedCallback() {
		super.disconnectedCallback(), this._$Do?.setConnected(!1);
	}
	render() {
		return S;
	}
};
E._$litElement$ = !0, E.finalized = !0, Re.litElementHydrateSupport?.({ LitElement: E });
var ze = Re.litElementPolyfillSupport;
ze?.({ LitElement: E }), (Re.litElementVersions ??= []).push("4.2.2");
// node_modules/@lit/reactive-element/decorators/property.js
var Be = {
	attribute: !0,
	type: String,
	converter: ae,
	reflect: !1,
	hasChanged: oe
}, Ve = (e = Be, t, n) => {
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
function D(e) {
	return (t, n) => typeof n == "object" ? Ve(e, t, n) : ((e, t, n) => {
		let r = t.hasOwnProperty(n);
		return t.constructor.createProperty(n, e), r ? Object.getOwnPropertyDescriptor(t, n) : void 0;
	})(e, t, n);
}
// node_modules/@lit/reactive-element/decorators/state.js
function O(e) {
	return D({
		...e,
		state: !0,
		attribute: !1
	});
}
// node_modules/@lit/reactive-element/decorators/base.js
var He = (e, t, n) => (n.configurable = !0, n.enumerable = !0, Reflect.decorate && typeof t != "object" && Object.defineProperty(e, t, n), n);
// node_modules/@lit/reactive-element/decorators/query.js
function k(e, t) {
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
			return He(n, r, { get() {
				let n = e.call(this);
				return n === void 0 && (n = a(this), (n !== null || this.hasUpdated) && t.call(this, n)), n;
			} });
		}
		return He(n, r, { get() {
			return a(this);
		} });
	};
}
// node_modules/lit-html/directive.js
var A = {
	ATTRIBUTE: 1,
	CHILD: 2,
	PROPERTY: 3,
	BOOLEAN_ATTRIBUTE: 4,
	EVENT: 5,
	ELEMENT: 6
}, Ue = (e) => (...t) => ({
	_$litDirective$: e,
	values: t
}), We = class {
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
}, { I: Ge } = Fe, Ke = (e) => e, qe = (e) => e.strings === void 0, Je = () => document.createComment(""), j = (e, t, n) => {
	let r = e._$AA.parentNode, i = t === void 0 ? e._$AB : t._$AA;
	if (n === void 0) n = new Ge(r.insertBefore(Je(), i), r.insertBefore(Je(), i), e, e.options);
	else {
		let t = n._$AB.nextSibling, a = n._$AM, o = a !== e;
		if (o) {
			let t;
			n._$AQ?.(e), n._$AM = e, n._$AP !== void 0 && (t = e._$AU) !== a._$AU && n._$AP(t);
		}
		if (t !== i || o) {
			let e = n._$AA;
			for (; e !== t;) {
				let t = Ke(e).nextSibling;
				Ke(r).insertBefore(e, i), e = t;
			}
		}
	}
	return n;
}, M = (e, t, n = e) => (e._$AI(t, n), e), Ye = {}, Xe = (e, t = Ye) => e._$AH = t, Ze = (e) => e._$AH, Qe = (e) => {
	e._$AR(), e._$AA.remove();
}, $e = Ue(class extends We {
	constructor() {
		super(...arguments), this.key = C;
	}
	render(e, t) {
		return this.key = e, t;
	}
	update(e, [t, n]) {
		return t !== this.key && (Xe(e), this.key = t), n;
	}
}), et = 1, tt = 2, nt = 3, rt = /* @__PURE__ */ new Map([
	[et, "error.connection"],
	[nt, "error.connection"],
	[tt, "error.login"],
	["unauthorized", "error.login"],
	["unknown_command", "error.not_running"],
	["invalid_format", "error.unknown"],
	["unknown_error", "error.unknown"]
]), it = class e extends Error {
	constructor(e, t = "") {
		super(t), this.code = e;
	}
	static lost() {
		return new e(nt);
	}
	static ofStatus(t, n) {
		return new e(t === 401 || t === 403 ? "unauthorized" : t, n);
	}
};
function at(e) {
	if (typeof e != "object" || !e) return e;
	let { code: t, error: n } = e;
	return t ?? (n === void 0 ? e instanceof TypeError ? nt : void 0 : at(n));
}
function ot(e) {
	return rt.get(at(e)) === "error.connection";
}
function st(e) {
	return at(e) === "unknown_command";
}
function N(e, t) {
	let n = rt.get(at(e)), r = e?.message;
	return n === void 0 && typeof r == "string" && r ? r : t(n ?? "error.unknown");
}
// src/api.ts
var ct = "ha_device_backups", lt = class {
	constructor(e) {
		this.hass = e;
	}
	followDevices(e) {
		return this.follow("devices/subscribe", e);
	}
	followRestore(e, t) {
		return this.follow("restore/subscribe", t, { device_key: e });
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
	snapshots() {
		return this.call("snapshots/list", {});
	}
	followSnapshot(e) {
		return this.follow("snapshots/subscribe", e);
	}
	openSnapshot(e, t = {}) {
		return this.call("snapshots/open", {
			snapshot_id: e,
			...t
		});
	}
	closeSnapshot() {
		return this.call("snapshots/close", {});
	}
	take(e, t) {
		return this.call("snapshots/take", {
			device_key: e,
			backup_id: t
		});
	}
	uploadSnapshot(e, t) {
		return this.upload("snapshot", e.name, e, t);
	}
	followPowerCut(e) {
		return this.follow("power_cut/subscribe", e);
	}
	askAll() {
		return this.call("power_cut/ask", {});
	}
	putBack(e) {
		return this.call("power_cut/restore", { device_keys: e });
	}
	stopAfterThis() {
		return this.call("power_cut/stop", {});
	}
	followImport(e) {
		return this.follow("import/subscribe", e);
	}
	beginImport(e) {
		return this.call("import/begin", { batch: e });
	}
	uploadForImport(e, t, n, r) {
		return this.upload(`import/${encodeURIComponent(e)}`, t, n, r);
	}
	runImport(e) {
		return this.call("import/run", { batch: e });
	}
	assignImported(e, t) {
		return this.call("import/assign", {
			names: e,
			device_key: t
		});
	}
	followPackages(e) {
		return this.follow("packages/subscribe", e);
	}
	installPackage(e) {
		return this.call("packages/install", { package: e });
	}
	removePackage(e) {
		return this.call("packages/remove", { package: e });
	}
	installAgain() {
		return this.call("packages/install_again", {});
	}
	lookAtRecipe(e) {
		return this.call("recipes/look", { ...e });
	}
	keepRecipe(e) {
		return this.call("recipes/keep", { ...e });
	}
	removeRecipe(e) {
		return this.call("recipes/remove", { file: e });
	}
	async download(e, t) {
		let { path: n } = await this.call("backups/download", {
			device_key: e,
			backup_id: t
		}), r = document.createElement("a");
		r.href = this.hass.hassUrl(n), r.download = "", document.body.append(r), r.click(), r.remove();
	}
	follow(e, t, n = {}) {
		return this.hass.connection.subscribeMessage(t, {
			type: `${ct}/${e}`,
			language: this.hass.language,
			...n
		}, { resubscribe: !1 });
	}
	async upload(e, t, n, r) {
		this.hass.auth.expired && await this.hass.auth.refreshAccessToken();
		let i = new XMLHttpRequest();
		i.open("POST", this.hass.hassUrl(`/api/${ct}/${e}`)), i.setRequestHeader("Authorization", `Bearer ${this.hass.auth.accessToken}`), i.setRequestHeader("X-File-Path", encodeURIComponent(t)), i.upload.onprogress = (e) => r(e.loaded / Math.max(e.total, 1)), await new Promise((e, t) => {
			i.onload = () => {
				i.status < 300 ? e() : t(it.ofStatus(i.status, ut(i.responseText) ?? i.statusText));
			}, i.onerror = i.onabort = () => t(it.lost()), i.send(n);
		});
	}
	call(e, t) {
		return this.hass.callWS({
			type: `${ct}/${e}`,
			language: this.hass.language,
			...t
		});
	}
};
function ut(e) {
	try {
		return JSON.parse(e).message ?? null;
	} catch {
		return null;
	}
}
// src/devices.ts
var dt = new Intl.Collator();
function ft(e, t) {
	let n = new Map(t.devices ? [] : e);
	for (let e of [...t.devices ?? [], ...t.changed ?? []]) n.set(e.key, e);
	for (let e of t.removed ?? []) n.delete(e);
	return n;
}
function pt(e, t, n) {
	let r = t.trim().toLocaleLowerCase();
	return [...e.values()].filter((e) => !n || e.is_problem).filter((e) => `${e.title} ${e.kind_name}`.toLocaleLowerCase().includes(r)).sort((e, t) => bt(e) - bt(t) || dt.compare(e.title, t.title) || (e.key < t.key ? -1 : 1));
}
function mt({ state: e }) {
	return ![
		"removed",
		"not_set_up",
		"handler_missing"
	].includes(e);
}
function ht(e) {
	return e.is_problem ? "problem" : e.state === "ok" ? "good" : "";
}
function gt(e, t) {
	return e.restore === "person" || e.recommended !== null ? e.restore !== null && e.recommended !== null : e.restore === "device" && vt(e, t).some((e) => e.count > 0);
}
function _t({ key: e, unfinished_restore: t }) {
	let n = t && t.source_key !== e ? t.source_key : null;
	return {
		name: "restore",
		key: e,
		backup: t?.backup_id ?? null,
		source: n
	};
}
function vt(e, t) {
	let n = yt(e.key);
	return [...t.values()].filter((t) => t.key !== e.key && yt(t.key) === n);
}
function yt(e) {
	return e.split(":", 1)[0] ?? "";
}
function bt(e) {
	return e.state === "removed" ? 2 : +!e.is_problem;
}
// src/focus.ts
function xt() {
	let e = document.activeElement;
	for (; e?.shadowRoot?.activeElement;) e = e.shadowRoot.activeElement;
	return e;
}
function St() {
	return document.activeElement === null || document.activeElement === document.body;
}
function Ct(e, t = "h1") {
	e?.querySelector(t)?.focus({ preventScroll: t === "h1" });
}
// src/following.ts
var wt = 2e3, Tt = class {
	constructor(e, t, n, r = () => void 0) {
		this.connection = e, this.begin = t, this.failed = n, this.begun = r, this.leave = null, this.turn = 0, this.again = () => {
			this.leave = null, this.start();
		}, e.addEventListener("ready", this.again), this.start();
	}
	end() {
		this.connection.removeEventListener("ready", this.again), clearTimeout(this.timer), this.turn = -1, this.leave?.().catch(() => void 0), this.leave = null;
	}
	async start() {
		let e = ++this.turn;
		clearTimeout(this.timer);
		try {
			let t = await this.begin();
			e === this.turn ? (this.leave = t, this.begun()) : this.turn < 0 && await t();
		} catch (t) {
			if (e !== this.turn) return;
			this.failed(t), st(t) && (this.timer = setTimeout(() => void this.start(), wt));
		}
	}
}, Et = [
	"a",
	"button",
	"ha-button"
], Dt = 3, Ot = 600, kt = [
	"wheel",
	"touchstart",
	"pointerdown",
	"keydown"
];
function At(e) {
	return e instanceof HTMLElement && Et.includes(e.localName);
}
function jt(e) {
	let t = e.composedPath().findLast(At);
	return t ? {
		name: Rt(t),
		top: t.getBoundingClientRect().top
	} : null;
}
async function Mt(e, t) {
	let n = new AbortController();
	for (let e of kt) addEventListener(e, () => n.abort(), {
		signal: n.signal,
		capture: !0,
		passive: !0
	});
	let r, i = 0;
	for (let a = 0; a < Ot && i < Dt && !n.signal.aborted && t.isConnected; a++) r?.isConnected || (r = It(e.name, t), r?.focus({ preventScroll: !0 })), i = r && !Lt(r, e.top) ? i + 1 : 0, await new Promise(requestAnimationFrame);
	return n.abort(), r !== void 0;
}
function Nt(e) {
	Pt(e)?.scrollTo({
		top: 0,
		behavior: "instant"
	});
}
function Pt(e) {
	for (let t = e; t; t = Ft(t)) if (t instanceof Element && /auto|scroll/.test(getComputedStyle(t).overflowY) && t.scrollHeight > t.clientHeight) return t;
	return document.scrollingElement;
}
function Ft(e) {
	return (e instanceof Element ? e.assignedSlot : null) ?? e.parentNode ?? e.host ?? null;
}
function It(e, t) {
	return [...t.shadowRoot?.querySelectorAll(Et.join()) ?? []].find((t) => Rt(t) === e);
}
function Lt(e, t) {
	let n = e.getBoundingClientRect().top;
	return Pt(e)?.scrollBy({
		top: n - t,
		behavior: "instant"
	}), Math.abs(e.getBoundingClientRect().top - n) >= 1;
}
function Rt(e) {
	let t = e.getAttribute("href") ?? e.getAttribute("aria-label") ?? e.textContent.trim(), n = e.closest("[role=group]")?.getAttribute("aria-label") ?? "";
	return [
		e.localName,
		t,
		n
	].join(" ");
}
// src/route.ts
var zt = "recommended", Bt = [
	"snapshots",
	"power-cut",
	"import",
	"packages"
];
function Vt(e) {
	let [t, n, r, i, a] = e.split("/").filter(Boolean).map(en), o = Bt.find((e) => e === t);
	return o ? { name: o } : t !== "device" || !n ? { name: "overview" } : r === "restore" ? {
		name: "restore",
		key: n,
		backup: i === zt ? null : i ?? null,
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
function P(e) {
	switch (e.name) {
		case "overview": return "/";
		case "device": return $t("device", e.key);
		case "snapshots":
		case "power-cut":
		case "import":
		case "packages": return $t(e.name);
		case "restore": return $t("device", e.key, "restore", e.backup ?? (e.source && zt), e.source);
		case "compare": return $t("device", e.key, "compare", e.older, e.newer);
	}
}
var Ht = "fromDeviceBackups";
function Ut() {
	return F()[Ht];
}
function F() {
	return history.state ?? {};
}
var Wt = "placeOfDeviceBackups";
function Gt() {
	return F()[Wt] ?? null;
}
function Kt(e) {
	history.replaceState({
		...F(),
		[Wt]: e
	}, "");
}
var qt = "searchOfDeviceBackups";
function Jt() {
	return {
		words: "",
		onlyProblems: !1,
		...F()[qt]
	};
}
function Yt(e) {
	history.replaceState({
		...F(),
		[qt]: e
	}, "");
}
function Xt(e, t) {
	let n = Ut();
	(t.name === "restore" || t.name === "compare" ? n !== void 0 : n === Zt(t).name) ? history.back() : Qt(e, Zt(t));
}
function Zt(e) {
	return e.name === "restore" || e.name === "compare" ? {
		name: "device",
		key: e.key
	} : { name: "overview" };
}
function Qt(e, t, n = !1) {
	let r = e + P(t);
	if (n) history.replaceState(history.state, "", r);
	else {
		let t = Vt(location.pathname.slice(e.length)).name;
		history.pushState({ [Ht]: t }, "", r);
	}
	window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: n } }));
}
function $t(...e) {
	return "/" + e.filter((e) => e !== null).map(encodeURIComponent).join("/");
}
function en(e) {
	try {
		return decodeURIComponent(e);
	} catch {
		return e;
	}
}
// src/texts.ts
var tn = "component.ha_device_backups";
async function nn(e) {
	let t = await e.loadBackendTranslation("config_panel", "ha_device_backups");
	return (e, n) => t(`${tn}.config_panel.${e}`, n) || e;
}
function rn(e, t, n) {
	return e.localize(`${tn}.entity.sensor.state.state.${n}`) || t(`state.${n}`);
}
// src/views.ts
function an(e, t) {
	let { hass: n, texts: r, root: i, devices: a, isOnlyHere: o, secondCopyProblem: s } = t, c = "key" in e ? a.get(e.key) ?? null : null;
	switch (e.name) {
		case "overview": return x`<device-backups-overview
        .hass=${n}
        .texts=${r}
        .root=${i}
        .devices=${a}
        .isOnlyHere=${o}
        .secondCopyProblem=${s}
      ></device-backups-overview>`;
		case "snapshots": return x`<device-backups-snapshots .hass=${n} .texts=${r} .root=${i}></device-backups-snapshots>`;
		case "power-cut": return x`<device-backups-power-cut
        .hass=${n}
        .texts=${r}
        .root=${i}
        .devices=${a}
      ></device-backups-power-cut>`;
		case "import": return x`<device-backups-import
        .hass=${n}
        .texts=${r}
        .root=${i}
        .devices=${a}
      ></device-backups-import>`;
		case "packages": return x`<device-backups-packages .hass=${n} .texts=${r} .root=${i}></device-backups-packages>`;
		case "restore": return x`<device-backups-restore
        .hass=${n}
        .texts=${r}
        .root=${i}
        .devices=${a}
        .device=${c}
        .view=${e}
      ></device-backups-restore>`;
		case "compare": return x`<device-backups-compare
        .hass=${n}
        .texts=${r}
        .root=${i}
        .device=${c}
        .view=${e}
      ></device-backups-compare>`;
		case "device": return x`<device-backups-device
        .hass=${n}
        .texts=${r}
        .root=${i}
        .devices=${a}
        .device=${c}
      ></device-backups-device>`;
	}
}
var I = new class extends EventTarget {
	constructor(...e) {
		super(...e), this.running = 0;
	}
	get isRunning() {
		return this.running > 0;
	}
	async during(e) {
		this.count(1);
		try {
			await e();
		} finally {
			this.count(-1);
		}
	}
	count(e) {
		this.running += e, this.dispatchEvent(new Event("change"));
	}
}();
// \0@oxc-project+runtime@0.156.0/helpers/esm/decorate.js
function L(e, t, n, r) {
	var i = arguments.length, a = i < 3 ? t : r === null ? r = Object.getOwnPropertyDescriptor(t, n) : r, o;
	if (typeof Reflect == "object" && typeof Reflect.decorate == "function") a = Reflect.decorate(e, t, n, r);
	else for (var s = e.length - 1; s >= 0; s--) (o = e[s]) && (a = (i < 3 ? o(a) : i > 3 ? o(t, n, a) : o(t, n)) || a);
	return i > 3 && a && Object.defineProperty(t, n, a), a;
}
// src/panel.ts
var R = class extends E {
	constructor() {
		super(), this.route = {
			prefix: "/device-backups",
			path: ""
		}, this.narrow = !1, this.texts = null, this.devices = null, this.isOnlyHere = !1, this.secondCopyProblem = null, this.error = null, this.isWorking = I.isRunning, this.language = "", this.path = null, this.view = { name: "overview" }, this.shown = null, this.following = null, this.worked = () => {
			this.isWorking = I.isRunning;
		}, this.connected = () => {
			this.hass.connection.removeEventListener("ready", this.connected), this.error = null, this.loadTexts();
		}, this.addEventListener("click", on, !0), this.addEventListener("click", sn, !0);
	}
	connectedCallback() {
		super.connectedCallback(), I.addEventListener("change", this.worked), this.worked(), this.hasUpdated && this.follow();
	}
	disconnectedCallback() {
		super.disconnectedCallback(), I.removeEventListener("change", this.worked), this.following?.end(), this.following = null, this.hass.connection.removeEventListener("ready", this.connected);
	}
	firstUpdated() {
		this.follow();
	}
	willUpdate(e) {
		if (this.route.path !== this.path && (this.path = this.route.path, this.view = Vt(this.route.path)), e.has("hass") && this.toggleAttribute("dark", this.hass.themes?.darkMode ?? !1), e.has("hass") && this.hass.language !== this.language) {
			let e = this.language !== "";
			this.language = this.hass.language, e && this.follow(), this.loadTexts();
		}
	}
	async loadTexts() {
		try {
			this.texts = await nn(this.hass);
		} catch (e) {
			this.error = e, ot(e) && this.hass.connection.addEventListener("ready", this.connected);
		}
	}
	updated() {
		let e = this.renderRoot.querySelector("main > *:not(ha-alert, .waiting)");
		e && this.lead(e);
	}
	async lead(e) {
		let { view: t } = this, n = "key" in t ? `${t.name} ${t.key}` : t.name;
		if (this.shown === n) return;
		let r = this.shown === null;
		this.shown = n;
		let i = Gt();
		await e.updateComplete, i && await Mt(i, e) || !r && this.shown === n && (Nt(e), Ct(e.shadowRoot));
	}
	followLink(e) {
		let t = e.composedPath().find((e) => e instanceof HTMLAnchorElement), n = t?.getAttribute("href"), r = e.button === 0 && !(e.ctrlKey || e.metaKey || e.shiftKey || e.altKey);
		n?.startsWith(`${this.route.prefix}/`) && r && !t?.target && (e.preventDefault(), Qt(this.route.prefix, Vt(n.slice(this.route.prefix.length))));
	}
	follow() {
		this.following?.end(), this.following = new Tt(this.hass.connection, () => new lt(this.hass).followDevices((e) => {
			this.devices = ft(this.devices ?? /* @__PURE__ */ new Map(), e), this.isOnlyHere = e.only_here ?? this.isOnlyHere, e.second_copy_problem !== void 0 && (this.secondCopyProblem = e.second_copy_problem);
		}), (e) => this.error = e, () => this.error = null);
	}
	render() {
		let { view: e } = this;
		return x`<ha-top-app-bar-fixed .narrow=${this.narrow}>
      ${e.name === "overview" ? x`<ha-menu-button slot="navigationIcon" .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>` : x`<ha-icon-button-arrow-prev
              slot="navigationIcon"
              .label=${this.texts?.("back") ?? ""}
              @click=${() => Xt(this.route.prefix, e)}
            ></ha-icon-button-arrow-prev>`}
      <div slot="title">${this.texts?.("title") ?? ""}</div>
      <main @click=${(e) => this.followLink(e)}>
        ${this.problem()}${$e(this.language, this.content(e))}
      </main>
      <p class="working" role="status">${this.isWorking && this.texts ? this.texts("working") : ""}</p>
    </ha-top-app-bar-fixed>`;
	}
	problem() {
		return this.texts && this.error !== null ? x`<ha-alert alert-type="error">${N(this.error, this.texts)}</ha-alert>` : C;
	}
	content(e) {
		if (!this.texts || !this.devices) return this.texts && this.error !== null ? x`` : x`<div class="waiting" role="status" aria-label=${this.texts?.("loading") ?? C}>
            <ha-spinner></ha-spinner>
          </div>`;
		let { hass: t, texts: n, devices: r, isOnlyHere: i, secondCopyProblem: a } = this;
		return an(e, {
			hass: t,
			texts: n,
			root: this.route.prefix,
			devices: r,
			isOnlyHere: i,
			secondCopyProblem: a
		});
	}
	static {
		this.styles = o`
    :host {
      /* The primary color itself is too pale for small text on white. */
      --link-color: var(--ha-color-primary-30, var(--primary-text-color));
    }
    :host([dark]) {
      --link-color: var(--ha-color-primary-60, var(--primary-text-color));
    }
    main {
      display: block;
      box-sizing: border-box;
      max-width: 1040px;
      margin: 0 auto;
      padding: 16px;
    }
    /* What is answered at once does not flash. */
    .working {
      position: fixed;
      z-index: 1;
      bottom: 16px;
      inset-inline: 0;
      width: fit-content;
      margin: 0 auto;
      padding: 8px 16px;
      border-radius: 20px;
      color: var(--primary-text-color);
      background: var(--card-background-color);
      box-shadow: 0 2px 8px rgb(0 0 0 / 30%);
      animation: appear 0.2s 0.4s backwards;
    }
    .working:empty {
      display: none;
    }
    @keyframes appear {
      from {
        opacity: 0;
      }
    }
    .waiting {
      display: flex;
      justify-content: center;
      padding: 48px;
    }
  `;
	}
};
L([D({ attribute: !1 })], R.prototype, "hass", void 0), L([D({ attribute: !1 })], R.prototype, "route", void 0), L([D({ type: Boolean })], R.prototype, "narrow", void 0), L([O()], R.prototype, "texts", void 0), L([O()], R.prototype, "devices", void 0), L([O()], R.prototype, "isOnlyHere", void 0), L([O()], R.prototype, "secondCopyProblem", void 0), L([O()], R.prototype, "error", void 0), L([O()], R.prototype, "isWorking", void 0);
function on(e) {
	e.detail > 1 && e.composedPath().some(At) && (e.preventDefault(), e.stopPropagation());
}
function sn(e) {
	let t = jt(e);
	t && e.composedPath().some((e) => e instanceof HTMLElement && e.localName === "main") && Kt(t);
}
// node_modules/lit-html/directives/repeat.js
var cn = (e, t, n) => {
	let r = /* @__PURE__ */ new Map();
	for (let i = t; i <= n; i++) r.set(e[i], i);
	return r;
}, z = Ue(class extends We {
	constructor(e) {
		if (super(e), e.type !== A.CHILD) throw Error("repeat() can only be used in text expressions");
	}
	dt(e, t, n) {
		let r;
		n === void 0 ? n = t : t !== void 0 && (r = t);
		let i = [], a = [], o = 0;
		for (let t of e) i[o] = r ? r(t, o) : o, a[o] = n(t, o), o++;
		return {
			values: a,
			keys: i
		};
	}
	render(e, t, n) {
		return this.dt(e, t, n).values;
	}
	update(e, [t, n, r]) {
		let i = Ze(e), { values: a, keys: o } = this.dt(t, n, r);
		if (!Array.isArray(i)) return this.ut = o, a;
		let s = this.ut ??= [], c = [], l, u, d = 0, f = i.length - 1, p = 0, m = a.length - 1;
		for (; d <= f && p <= m;) if (i[d] === null) d++;
		else if (i[f] === null) f--;
		else if (s[d] === o[p]) c[p] = M(i[d], a[p]), d++, p++;
		else if (s[f] === o[m]) c[m] = M(i[f], a[m]), f--, m--;
		else if (s[d] === o[m]) c[m] = M(i[d], a[m]), j(e, c[m + 1], i[d]), d++, m--;
		else if (s[f] === o[p]) c[p] = M(i[f], a[p]), j(e, i[d], i[f]), f--, p++;
		else if (l === void 0 && (l = cn(o, p, m), u = cn(s, d, f)), l.has(s[d])) {
			if (l.has(s[f])) {
				let t = u.get(o[p]), n = t === void 0 ? null : i[t];
				if (n === null) {
					let t = j(e, i[d]);
					M(t, a[p]), c[p] = t;
				} else c[p] = M(n, a[p]), j(e, i[d], n), i[t] = null;
				p++;
			} else Qe(i[f]), f--;
		} else Qe(i[d]), d++;
		for (; p <= m;) {
			let t = j(e, c[m + 1]);
			M(t, a[p]), c[p++] = t;
		}
		for (; d <= f;) {
			let e = i[d++];
			e !== null && Qe(e);
		}
		return this.ut = o, Xe(e, c), S;
	}
}), ln = 60, un = 3600, dn = 86400, fn = [
	["year", 365],
	["month", 30],
	["week", 7]
];
function pn({ locale: e, config: t }) {
	return {
		language: e.language,
		timeZone: e.time_zone === "server" ? t.time_zone : void 0,
		hourCycle: mn(e.time_format)
	};
}
function mn(e) {
	return e === "system" ? new Intl.DateTimeFormat(void 0, { timeStyle: "short" }).resolvedOptions().hour12 ? "h12" : "h23" : e === "12" ? "h12" : e === "24" ? "h23" : void 0;
}
function hn(e) {
	let t = /* @__PURE__ */ new Map();
	return (...n) => {
		let r = JSON.stringify(n), i = t.get(r) ?? e(...n);
		return t.set(r, i), i;
	};
}
var gn = hn(({ language: e, timeZone: t, hourCycle: n }, r) => new Intl.DateTimeFormat(e, {
	dateStyle: "medium",
	timeStyle: r,
	timeZone: t,
	hourCycle: n
})), _n = hn((e) => new Intl.DateTimeFormat("sv", {
	dateStyle: "short",
	timeZone: e
})), vn = hn((e, t) => new Intl.RelativeTimeFormat(e, { numeric: t })), yn = hn((e, t) => new Intl.NumberFormat(e, {
	style: "unit",
	unit: t,
	unitDisplay: t === "byte" ? "long" : "short",
	maximumFractionDigits: t === "byte" ? 0 : 1
}));
function B(e, t) {
	return gn(t, "short").format(new Date(e));
}
function bn(e, t) {
	let n = /* @__PURE__ */ new Map();
	for (let r of e) {
		let e = B(r, t);
		n.set(e, (n.get(e) ?? 0) + 1);
	}
	return new Map(e.map((e) => {
		let r = B(e, t);
		return [e, (n.get(r) ?? 0) > 1 ? gn(t, "medium").format(new Date(e)) : r];
	}));
}
function xn(e, t, n) {
	let r = new Date(e);
	return Cn(r < t ? r : t, t, n);
}
function Sn(e, t, n) {
	let r = new Date(e);
	return Cn(r > t ? r : t, t, n);
}
function Cn(e, t, { language: n, timeZone: r }) {
	let i = (e.getTime() - t.getTime()) / 1e3, a = Math.abs(i), o = vn(n, "auto");
	if (a < ln) return o.format(0, "second");
	if (Math.round(a / ln) < 60) return o.format(Math.round(i / ln), "minute");
	let s = wn(e, r) - wn(t, r);
	if (a < dn || s === 0) return o.format(Math.round(i / un), "hour");
	let c = fn.find(([, e]) => Math.abs(s) >= e);
	return c ? vn(n, "always").format(Math.round(s / c[1]), c[0]) : o.format(s, "day");
}
function wn(e, t) {
	return Date.parse(_n(t).format(e)) / (dn * 1e3);
}
function V(e) {
	return e.filter(Boolean).join("\xA0· ");
}
function Tn(e, t) {
	let [n, r] = e >= 1e6 ? ["megabyte", 1e6] : e >= 1e3 ? ["kilobyte", 1e3] : ["byte", 1];
	return yn(t, n).format(e / r).replaceAll(" ", "\xA0");
}
// src/home-assistant.ts
var En = 4e3, Dn = 60;
function On(e, t) {
	let n = {
		message: t,
		duration: Math.max(En, t.length * Dn)
	};
	e.dispatchEvent(new CustomEvent("hass-notification", {
		detail: n,
		bubbles: !0,
		composed: !0
	}));
}
// src/styles.ts
var H = o`
  :host {
    display: block;
    color: var(--primary-text-color);
  }
  ha-card,
  ha-alert {
    display: block;
    margin-bottom: 16px;
  }
  ol.steps {
    margin: 4px 0 16px;
    padding-inline-start: 24px;
  }
  .content {
    padding: 16px;
  }
  .content > :first-child {
    margin-top: 0;
  }
  .content > :last-child {
    margin-bottom: 0;
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
  h1:focus,
  h2:focus {
    outline: none;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
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
  /* The words of plain buttons stand below those above them. */
  .actions {
    margin-inline-start: -16px;
  }
  ul {
    margin: 4px 0 12px;
    padding-inline-start: 20px;
  }
  li {
    overflow-wrap: anywhere;
  }
  ul.rows {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  ul.rows > li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    padding: 12px 16px;
    border-bottom: 1px solid var(--divider-color);
  }
  ul.rows > li:last-child {
    border-bottom: 0;
  }
  .content ul.rows > li {
    padding-inline: 0;
  }
  @media (max-width: 600px) {
    /* As .actions: they stand in a line of their own as soon as there is no room beside. */
    ul.rows > li > :is(ha-button, [role="group"]),
    form .row > input[type="text"] + ha-button {
      margin-inline-start: -12px;
    }
  }
  .name {
    flex: 1 1 200px;
    min-width: 0;
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
  button.action {
    font: inherit;
    font-size: 14px;
    font-weight: 500;
    min-height: 40px;
    padding: 0 12px;
    border: 0;
    border-radius: 20px;
    color: var(--link-color);
    background: none;
    cursor: pointer;
  }
  button.action:hover {
    background: var(--secondary-background-color);
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
  progress {
    width: 100%;
    accent-color: var(--primary-color);
  }
  input[type="password"],
  input[type="text"] {
    font: inherit;
    box-sizing: border-box;
    min-height: 40px;
    padding: 0 12px;
    border: 1px solid var(--divider-color);
    border-radius: 8px;
    color: inherit;
    background: var(--card-background-color);
  }
  :is(a, button, select, input, summary, [tabindex="0"]):focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  a {
    color: var(--link-color);
  }
`, kn = /* @__PURE__ */ new Map(), U = class extends E {
	constructor(...e) {
		super(...e), this.root = "", this.heading = "h1", this.error = null, this.following = null, this.isNotFollowing = !1, this.isWaiting = !1, this.isActing = !1, this.connected = () => {
			this.stopWaiting(), this.error = null, this.again();
		}, this.isInterrupted = !1;
	}
	update(e) {
		let t = this.isConnected && this.shadowRoot?.activeElement ? xt() : null;
		super.update(e), t && St() && (t.isConnected && t.focus(), St() && Ct(this.renderRoot, this.heading));
	}
	get api() {
		return new lt(this.hass);
	}
	get formats() {
		return pn(this.hass);
	}
	show(e, t = !1) {
		Qt(this.root, e, t);
	}
	async attempt(e) {
		this.error = null;
		try {
			await e();
		} catch (e) {
			this.fail(e), await this.reveal("ha-alert");
		}
	}
	async once(e) {
		if (!this.isActing) {
			this.isActing = !0;
			try {
				await I.during(e);
			} finally {
				this.isActing = !1;
			}
		}
	}
	loading() {
		return x`<p role="status" class="row"><ha-spinner size="small"></ha-spinner>${this.texts("loading")}</p>`;
	}
	fail(e) {
		this.explain(e), !this.isWaiting && this.isConnected && (ot(e) ? (this.isWaiting = !0, this.hass.connection.addEventListener("ready", this.connected)) : st(e) && (this.isWaiting = !0, this.timer = setTimeout(this.connected, wt)));
	}
	explain(e) {
		st(e) || (this.error = N(e, this.texts));
	}
	toastError(e) {
		On(this, N(e, this.texts));
	}
	again() {}
	stopWaiting() {
		this.isWaiting = !1, clearTimeout(this.timer), this.hass.connection.removeEventListener("ready", this.connected);
	}
	async reveal(e) {
		await this.updateComplete, this.renderRoot.querySelector(e)?.scrollIntoView({ block: "center" });
	}
	note(e, t, n) {
		let r = kn.get(e);
		t.isGoingOn ? kn.set(e, "going on") : t.isNothing && (n || r === "interrupted") && r ? kn.set(e, "interrupted") : kn.delete(e), this.isInterrupted = kn.get(e) === "interrupted";
	}
	keepFollowing(e, t) {
		this.following?.end(), this.following = new Tt(this.hass.connection, () => {
			let n = !0;
			return e((e) => {
				t(e, n), n = !1;
			});
		}, (e) => {
			this.isNotFollowing = !0, this.explain(e);
		}, () => {
			this.isNotFollowing && (this.isNotFollowing = !1, this.error = null);
		});
	}
	stopFollowing() {
		this.following?.end(), this.following = null;
	}
	disconnectedCallback() {
		super.disconnectedCallback(), this.stopFollowing(), this.stopWaiting();
	}
	unfinished(e) {
		let { unfinished_restore: t, key: n } = e;
		if (!t || e.busy === "restore") return C;
		let r = t.safety_backup_id;
		return x`<ha-alert alert-type="warning" .title=${this.texts("device.unfinished_heading")}
      >${this.texts("device.unfinished")}
      <div class="row">
        <ha-button size="small" appearance="plain" @click=${() => this.show(_t(e))}
          >${this.texts("device.continue")}</ha-button
        >
        ${r ? x`<ha-button
                size="small"
                appearance="plain"
                @click=${() => this.show({
			name: "restore",
			key: n,
			backup: r,
			source: null
		})}
                >${this.texts("end.undo")}</ha-button
              >` : C}
      </div></ha-alert
    >`;
	}
	static {
		this.styles = H;
	}
};
L([D({ attribute: !1 })], U.prototype, "hass", void 0), L([D({ attribute: !1 })], U.prototype, "texts", void 0), L([D()], U.prototype, "root", void 0), L([O()], U.prototype, "error", void 0), L([O()], U.prototype, "isInterrupted", void 0);
// src/views/overview.ts
var W = class extends U {
	constructor(...e) {
		super(...e), this.isOnlyHere = !1, this.secondCopyProblem = null, this.search = Jt(), this.isBusy = !1;
	}
	render() {
		let { texts: e } = this, t = pt(this.devices, this.search.words, this.search.onlyProblems), n = [...this.devices.values()].filter((e) => e.is_problem).length;
		return x`
      <h1 tabindex="-1">${e("overview.heading")}</h1>
      <p class="quiet" role="status">
        ${n === 0 && this.devices.size > 0 ? e("overview.all_well") : e("overview.problems", {
			problems: n,
			count: this.devices.size
		})}
      </p>
      ${this.isOnlyHere && this.devices.size > 0 ? x`<ha-alert alert-type="warning"
              >${e("overview.only_here")} <a href="/config/backup">${e("overview.set_up_backups")}</a></ha-alert
            >` : C}
      ${this.secondCopyProblem === null ? C : x`<ha-alert alert-type="warning" .title=${e("overview.second_copy_incomplete")}
              >${this.secondCopyProblem}
              <a href="/config/integrations/integration/ha_device_backups"
                >${e("overview.second_copy_settings")}</a
              ></ha-alert
            >`}
      <nav class="row">
        ${Bt.map((t) => x`<a class="way" href=${this.root + P({ name: t })}>${e(`way.${t.replace("-", "_")}`)}</a>`)}
      </nav>
      <div class="row tools">
        <input
          type="search"
          aria-label=${e("overview.search")}
          placeholder=${e("overview.search")}
          .value=${this.search.words}
          @input=${(e) => this.find({ words: e.target.value })}
        />
        <label
          ><input
            type="checkbox"
            .checked=${this.search.onlyProblems}
            @change=${(e) => this.find({ onlyProblems: e.target.checked })}
          />${e("overview.only_problems")}</label
        >
        <span class="space"></span>
        ${[...this.devices.values()].some(mt) ? x`<ha-button appearance="plain" .disabled=${this.isBusy} @click=${() => void this.backUpAll()}
                >${e("overview.back_up_all")}</ha-button
              >` : C}
        <ha-button href="/config/integrations/dashboard/add?domain=ha_device_backups"
          >${e("overview.add")}</ha-button
        >
      </div>
      ${t.length === 0 ? x`<p>${e(this.devices.size === 0 ? "overview.empty" : "overview.nothing_found")}</p>` : x`<ha-card
              ><ul>
                ${z(t, ({ key: e }) => e, (e) => this.row(e))}
              </ul></ha-card
            >`}
    `;
	}
	row(e) {
		let { texts: t } = this;
		return x`<li>
      <a class="device" href=${this.root + P({
			name: "device",
			key: e.key
		})}>
        <span class="name">${e.title} <span class="quiet kind">${e.kind_name}</span></span>
        <span class="state"
          ><span class="label ${ht(e)}">${rn(this.hass, t, e.state)}</span>${e.busy ? x` <span class="quiet">${t(`busy.${e.busy}`)}</span>` : C}${e.reason ? x`<span class="quiet reason">${e.reason}</span>` : C}</span
        >
        <span class="times quiet">${this.times(e)}</span>
      </a>
      ${gt(e, this.devices) ? x`<button
              class="action"
              aria-label=${t("overview.restore_device", { name: e.title })}
              @click=${() => this.show(_t(e))}
            >
              ${t("restore.action")}
            </button>` : C}
    </li>`;
	}
	times(e) {
		let t = /* @__PURE__ */ new Date();
		return x`${e.confirmed ? x`<span title=${B(e.confirmed, this.formats)}
            >${this.texts("overview.confirmed", { age: xn(e.confirmed, t, this.formats) })}</span
          >` : this.texts("overview.never")}
    ${e.next_run && e.state !== "removed" ? x`<span title=${B(e.next_run, this.formats)}
            >${this.texts("overview.next", { age: Sn(e.next_run, t, this.formats) })}</span
          >` : C}
    ${e.in_snapshot === !1 ? x`<span>${this.texts("overview.not_in_snapshot")}</span>` : C}`;
	}
	find(e) {
		this.search = {
			...this.search,
			...e
		}, Yt(this.search);
	}
	async backUpAll() {
		this.isBusy = !0, await this.once(async () => {
			try {
				On(this, (await this.api.backUpAll()).message);
			} catch (e) {
				this.toastError(e);
			}
		}), this.isBusy = !1;
	}
	static {
		this.styles = [H, o`
      nav {
        margin-bottom: 16px;
      }
      .way {
        padding: 8px 16px;
        border: 1px solid var(--divider-color);
        border-radius: 20px;
        text-decoration: none;
      }
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
        /* A thousand rows are there to be found and read out; those out of sight cost no layout. */
        content-visibility: auto;
        contain-intrinsic-size: auto 65px;
      }
      li > :focus-visible {
        outline-offset: -3px;
      }
      ha-card li:last-child {
        border-bottom: 0;
      }
      a.device {
        flex: 1;
        min-width: 0;
        display: grid;
        grid-template-columns: minmax(120px, 2fr) minmax(140px, 3fr) minmax(120px, 3.4fr);
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
      @media (min-width: 601px) {
        /* The columns of rows with and without an action are the same. */
        li > .action {
          width: 140px;
          text-align: end;
        }
        li:not(:has(> .action)) {
          padding-inline-end: 156px;
        }
      }
      @media (max-width: 600px) {
        ha-card li {
          flex-wrap: wrap;
          gap: 0;
          padding-bottom: 8px;
        }
        a.device {
          flex-basis: 100%;
          grid-template-columns: 1fr;
          padding-bottom: 4px;
        }
      }
    `];
	}
};
L([D({ attribute: !1 })], W.prototype, "devices", void 0), L([D({ attribute: !1 })], W.prototype, "isOnlyHere", void 0), L([D({ attribute: !1 })], W.prototype, "secondCopyProblem", void 0), L([O()], W.prototype, "search", void 0), L([O()], W.prototype, "isBusy", void 0);
// src/views/backup-card.ts
function An(e, t, n, r, i) {
	let { texts: a } = i, o = Pn(t);
	return x`<li>
    <ha-card
      ><div class="content">
        <h3>${n}</h3>
        <p class="quiet">${Mn(t, i)}</p>
        <div class="row">${Nn(t, a)}</div>
        ${t.suspect ? x`<p>${t.suspect}</p>` : C}
        ${o.length > 0 ? x`<p>${a("device.not_whole")}</p>
                <ul>
                  ${o.map((e) => x`<li>${e.text}</li>`)}
                </ul>` : C}
        ${t.remarks.map((e) => x`<p class="quiet">${e.text}</p>`)}
        ${t.of_newer ? x`<p>${a("device.of_newer")}</p>` : C}
        ${t.protected ? x`<p class="quiet">${a("device.is_protected")}</p>` : C}
        <div class="row actions" role="group" aria-label=${n}>
          ${t.of_newer ? C : jn(e, t, r, i)}
          ${t.protected ? C : x`<ha-button
                  size="small"
                  appearance="plain"
                  variant="danger"
                  @click=${() => i.remove(t, n)}
                  >${a("device.delete")}</ha-button
                >`}
        </div>
      </div></ha-card
    >
  </li>`;
}
function jn(e, t, n, r) {
	let { texts: i } = r, a = (e, t) => x`<ha-button size="small" appearance="plain" @click=${t}>${i(e)}</ha-button>`;
	return x`
    ${e.restore ? a("restore.action", () => r.restore(t)) : C}
    ${a("device.download", () => r.download(t))}
    ${n && !n.of_newer ? a("device.compare", () => r.compare(n, t)) : C}
    ${t.suspect || Pn(t).length > 0 ? a("device.accept", () => r.accept(t)) : C}
    ${a(t.protected ? "device.unprotect" : "device.protect", () => r.protect(t))}
  `;
}
function Mn(e, { texts: t, formats: n }) {
	let r = B(e.confirmed, n);
	return V([
		e.confirmed > e.taken_at && r !== B(e.taken_at, n) && t("device.unchanged_until", { date: r }),
		e.device_version,
		t(`trigger.${e.trigger}`),
		Tn(e.size, n.language)
	]);
}
function Nn(e, t) {
	let n = [];
	return e.recommended && n.push(["recommended", "good"]), e.suspect && n.push(["suspect", "problem"]), !e.whole && !e.of_newer && n.push(["not_whole", "problem"]), e.protected && n.push(["protected", ""]), e.undoes_restore_of && n.push(["before_restore", ""]), e.last_before && n.push(["before_update", ""]), e.in_snapshots.length > 0 && n.push(["in_snapshot", ""]), n.map(([e, n]) => x`<span class="label ${n}">${t(`label.${e}`)}</span>`);
}
function Pn(e) {
	return [...e.missing, ...e.doubts];
}
// src/views/device.ts
var G = class extends U {
	constructor(...e) {
		super(...e), this.device = null, this.backups = null, this.isBusy = !1, this.question = {
			heading: "",
			text: "",
			action: ""
		}, this.heading = "h2", this.shown = "", this.turn = 0;
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
		let t = ++this.turn;
		try {
			let { backups: n } = await this.api.backups(e);
			t === this.turn && (this.backups = n, this.error = null);
		} catch (e) {
			t === this.turn && this.fail(e);
		}
	}
	again() {
		this.device && this.load(this.device.key);
	}
	render() {
		let { device: e, texts: t } = this;
		if (!e) return x`<h1 tabindex="-1">${t("device.unknown")}</h1>
        <p>${t("device.unknown_text")}</p>`;
		let n = this.backups ?? [], r = bn(n.map(({ taken_at: e }) => e), this.formats), i = this.context(e);
		return x`
      <h1 tabindex="-1">${e.title}</h1>
      <ha-card><div class="content">${this.summary(e)}</div></ha-card>
      ${this.unfinished(e)} ${this.error ? x`<ha-alert alert-type="error">${this.error}</ha-alert>` : C}
      ${e.state === "removed" ? x`<p>${t("device.removed")}</p>
              <p class="told">
                <a href="/config/integrations/dashboard/add?domain=ha_device_backups">${t("overview.add")}</a>
              </p>` : C}
      ${e.state === "not_set_up" ? x`<p class="told">${t("device.not_set_up")}</p>` : C}
      <h2 tabindex="-1">${t("device.history")}</h2>
      ${this.backups === null && this.error === null ? this.loading() : C}
      ${this.backups?.length === 0 ? x`<p>${t("device.no_backups")}</p>` : C}
      <ol>
        ${z(n, ({ backup_id: e }) => e, (t, a) => An(e, t, r.get(t.taken_at) ?? "", n[a + 1], i))}
      </ol>
      <device-backups-confirm
        .heading=${this.question.heading}
        .text=${this.question.text}
        .action=${this.question.action}
        .cancel=${t("cancel")}
      ></device-backups-confirm>
    `;
	}
	summary(e) {
		let { texts: t } = this, { language: n } = this.formats;
		return x`<div class="row">
        <span class="label ${ht(e)}">${rn(this.hass, t, e.state)}</span>
        ${e.busy ? x`<span role="status">${[t(`busy.${e.busy}`), e.progress].filter(Boolean).join(" ")}</span>` : C}
        <span class="space"></span>
        <span class="row"
          >${mt(e) ? x`<ha-button appearance="plain" .disabled=${this.isBusy} @click=${() => void this.backUp(e)}
                  >${t("device.back_up")}</ha-button
                >` : C}
          ${gt(e, this.devices) ? x`<ha-button @click=${() => this.show(_t(e))}>${t("restore.action")}</ha-button>` : C}</span
        >
      </div>
      ${e.reason ? x`<p>${e.reason}</p>` : C}
      ${e.prompt ? x`<ha-alert alert-type="info">${e.prompt}</ha-alert>` : C}
      <p class="quiet">
        ${V([
			e.kind_name,
			e.version,
			e.confirmed && t("overview.confirmed", { age: xn(e.confirmed, /* @__PURE__ */ new Date(), this.formats) }),
			e.next_run && t("overview.next", { age: Sn(e.next_run, /* @__PURE__ */ new Date(), this.formats) }),
			t("device.stored", {
				count: e.count,
				size: Tn(e.size, n)
			})
		])}
      </p>
      <p class="row">
        ${e.device_id ? x`<a href="/config/devices/device/${e.device_id}">${t("device.page")}</a>` : C}
        ${e.entry_id ? x`<a href="/config/integrations/integration/ha_device_backups#config_entry=${e.entry_id}"
                >${t("device.reconfigure")}</a
              >` : C}
      </p>`;
	}
	context(e) {
		let { texts: t, formats: n } = this, { key: r } = e;
		return {
			texts: t,
			formats: n,
			restore: ({ backup_id: e }) => this.show({
				name: "restore",
				key: r,
				backup: e,
				source: null
			}),
			download: ({ backup_id: e }) => void this.try(() => this.api.download(r, e)),
			compare: (e, t) => this.show({
				name: "compare",
				key: r,
				older: e.backup_id,
				newer: t.backup_id
			}),
			accept: (t) => void this.accept(e, t),
			protect: (t) => void this.change(e, () => this.api.protect(r, t.backup_id, !t.protected)),
			remove: (t, n) => void this.delete(e, t, n)
		};
	}
	async backUp(e) {
		this.isBusy = !0, await this.try(async () => On(this, (await this.api.backUp(e.key)).message)), this.isBusy = !1;
	}
	async accept(e, t) {
		await this.ask("accept", {}) && await this.change(e, () => this.api.accept(e.key, t.backup_id));
	}
	async delete(e, t, n) {
		if (t.needed !== null) return this.deleteNeeded(e, t, n, t.needed);
		if (!await this.ask("delete", { date: n }, t)) return;
		let r = null;
		await this.change(e, async () => {
			try {
				await this.api.delete(e.key, t.backup_id, !1);
			} catch (e) {
				if (e.code !== "backup_needed") throw e;
				r = N(e, this.texts);
			}
		}), r !== null && await this.deleteNeeded(e, t, n, r);
	}
	async deleteNeeded(e, t, n, r) {
		await this.ask("delete_needed", {
			date: n,
			reason: r
		}, t) && await this.change(e, () => this.api.delete(e.key, t.backup_id, !0));
	}
	async ask(e, t, n) {
		let r = n && n.in_snapshots.length > 0 ? this.texts("question.left_in_snapshot") : "";
		return this.question = {
			heading: this.texts(`question.${e}.heading`, t),
			text: [this.texts(`question.${e}.text`, t), r].filter(Boolean).join(" "),
			action: this.texts(`question.${e}.action`)
		}, await this.updateComplete, this.confirm.ask();
	}
	async change(e, t) {
		await this.once(async () => {
			await this.told(t), await this.load(e.key);
		});
	}
	async try(e) {
		await this.once(() => this.told(e));
	}
	async told(e) {
		try {
			await e();
		} catch (e) {
			this.toastError(e);
		}
	}
	static {
		this.styles = [H, o`
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
      p.told {
        margin-bottom: 16px;
      }
    `];
	}
};
L([D({ attribute: !1 })], G.prototype, "devices", void 0), L([D({ attribute: !1 })], G.prototype, "device", void 0), L([O()], G.prototype, "backups", void 0), L([O()], G.prototype, "isBusy", void 0), L([O()], G.prototype, "question", void 0), L([k("device-backups-confirm")], G.prototype, "confirm", void 0);
// node_modules/lit-html/directives/live.js
var Fn = Ue(class extends We {
	constructor(e) {
		if (super(e), e.type !== A.PROPERTY && e.type !== A.ATTRIBUTE && e.type !== A.BOOLEAN_ATTRIBUTE) throw Error("The `live` directive is not allowed on child or event bindings");
		if (!qe(e)) throw Error("`live` bindings can only contain a single expression");
	}
	render(e) {
		return e;
	}
	update(e, [t]) {
		if (t === S || t === C) return t;
		let n = e.element, r = e.name;
		if (e.type === A.PROPERTY) {
			if (t === n[r]) return S;
		} else if (e.type === A.BOOLEAN_ATTRIBUTE) {
			if (!!t === n.hasAttribute(r)) return S;
		} else if (e.type === A.ATTRIBUTE && n.getAttribute(r) === t + "") return S;
		return Xe(e), t;
	}
}), In = o`
  label {
    display: block;
    margin-bottom: 12px;
  }
  select {
    text-overflow: ellipsis;
  }
  .words {
    display: none;
  }
  @media (max-width: 600px) {
    .words {
      display: block;
      margin: -4px 0 12px;
    }
  }
`;
function Ln(e, t, { texts: n, formats: r }, i) {
	let a = bn(e.map(({ taken_at: e }) => e), r), o = e.find(({ backup_id: e }) => e === t), s = o ? Bn(o, n) : [];
	return x`<label
      >${n("restore.which")}
      <select @change=${(e) => i(Vn(e))}>
        ${t === null ? x`<option value="" disabled .selected=${!0}></option>` : C}
        ${e.map((e) => x`<option
              value=${e.backup_id}
              .selected=${Fn(e.backup_id === t)}
              .disabled=${e.of_newer}
            >
              ${V([a.get(e.taken_at), ...Bn(e, n)])}
            </option>`)}
      </select></label
    >
    ${s.length > 0 ? x`<p class="words quiet">${V(s)}</p>` : C}`;
}
function Rn(e, t, n, r, i) {
	let a = t.filter((e) => e.count > 0 || e.key === n);
	return a.length === 0 ? C : x`<label
      >${r("restore.from")}
      <select @change=${(e) => i(Vn(e))}>
        ${[e, ...a].map((t) => x`<option value=${t.key} .selected=${Fn(t.key === n)}>
              ${t.key === e.key ? r("restore.itself", { name: t.title }) : t.title}
            </option>`)}
      </select></label
    >
    <p class="quiet">${r("restore.replaced")}</p>`;
}
function zn(e, t) {
	let n = [...e.missing, ...e.doubts];
	return n.length === 0 ? C : x`<p>${t("device.not_whole")}</p>
        <ul>
          ${n.map((e) => x`<li>${e.text}</li>`)}
        </ul>`;
}
function Bn(e, t) {
	return [...[
		e.recommended && "recommended",
		e.suspect && "suspect",
		e.of_newer ? "of_newer" : !e.whole && "not_whole",
		e.undoes_restore_of && "before_restore"
	].filter((e) => typeof e == "string").map((e) => t(`label.${e}`)), ...e.device_version ? [e.device_version] : []];
}
function Vn(e) {
	return e.target.value;
}
// src/views/restore-plan.ts
var Hn = 6, Un = 6;
function Wn(e) {
	return e.files.some((e) => e.change !== "unchanged");
}
function Gn(e, t, n) {
	let r = e.files.filter((e) => e.change !== "unchanged"), i = e.files.length - r.length, a = r.length > 0 || t;
	return x`<ha-card
      ><div class="content">
        <h2>${n("plan.heading")}</h2>
        ${r.length === 0 ? x`<p>${n(Kn(e, t))}</p>` : Zn(r, n)}
        ${i > 0 ? x`<p class="quiet">${n("plan.unchanged", { count: i })}</p>` : C}
        ${Xn(n, "plan.refused", e.refused)} ${Xn(n, "plan.needs", e.needs)}
        ${e.restarts && a ? x`<p>${n("plan.restarts")}</p>` : C}
        ${a ? x`<p class="quiet">${n("plan.safety")}</p>` : C}
      </div></ha-card
    >
    ${e.risks.map((e) => x`<ha-alert alert-type="warning">${e}</ha-alert>`)}`;
}
function Kn({ refused: e }, t) {
	return e.length > 0 ? t ? "plan.nothing_possible_unfinished" : "plan.nothing_possible" : t ? "plan.nothing_unfinished" : "plan.nothing";
}
function qn(e, t, n) {
	return x`<ha-card
    ><div class="content">
      <h2>${n("restore.by_person")}</h2>
      <ol class="steps">
        ${e.map((e) => x`<li>${e}</li>`)}
      </ol>
      <ha-button @click=${t}>${n("device.download")}</ha-button>
    </div></ha-card
  >`;
}
function Jn({ title: e }, t) {
	return x`<ha-card
    ><div class="content">
      <p>${t("restore.dead", { name: e })}</p>
      <ha-button class="actions" appearance="plain" href="/config/integrations/dashboard/add?domain=ha_device_backups"
        >${t("overview.add")}</ha-button
      >
    </div></ha-card
  >`;
}
function Yn(e, t) {
	let n = e.share === null ? null : Math.round(e.share * 100);
	return x`<ha-card
    ><div class="content">
      <h2>${t("restore.running")}</h2>
      ${n === null ? x`<progress aria-label=${t("restore.running")}></progress>` : x`<progress aria-label=${t("restore.running")} max="100" .value=${n}></progress>`}
      <p>${e.text ?? t("restore.begun")}</p>
      ${e.prompt ? x`<ha-alert alert-type="info">${e.prompt}</ha-alert>` : C}
      <p class="quiet">${t("restore.goes_on")}</p>
    </div></ha-card
  >`;
}
function Xn(e, t, n) {
	return n.length === 0 ? C : x`<h2 class="part">${e(t)}</h2>
        <ul>
          ${n.map((e) => x`<li>${e}</li>`)}
        </ul>`;
}
function Zn(e, t) {
	let n = e.filter((e) => e.details.length > 0), r = e.filter((e) => e.details.length === 0), i = r.length > Hn ? r.slice(0, 5) : r, a = r.slice(i.length);
	return x`<ul>
      ${[...n, ...i].map((e) => Qn(e, t))}
    </ul>
    ${a.length > 0 ? x`<details>
            <summary>${t("plan.more_files", { count: a.length })}</summary>
            <ul>
              ${a.map((e) => Qn(e, t))}
            </ul>
          </details>` : C}`;
}
function Qn(e, t) {
	return x`<li>
    ${e.name}: ${t(`plan.${e.change}`)} ${e.details.length > 0 ? $n(e.details, t) : C}
  </li>`;
}
function $n(e, t) {
	let n = x`<ul>
    ${e.map((e) => x`<li>${e}</li>`)}
  </ul>`;
	return e.length <= Un ? n : x`<details>
        <summary>${t("plan.details")}</summary>
        ${n}
      </details>`;
}
// src/views/restore-end.ts
function er(e, t, n) {
	let { texts: r, formats: i } = n, a = e.safety_backup_id ?? t.unfinished_restore?.safety_backup_id;
	return x`<ha-alert alert-type=${e.error ? "error" : "success"}
      >${e.error ?? r("restore.done", { date: B(e.taken_at, i) })}</ha-alert
    >
    ${e.error ? tr(t, r) : C}
    <ha-card
      ><div class="content">
        ${Xn(r, "end.proven", e.proven)} ${Xn(r, "end.unproven", e.unproven)}
        ${Xn(r, "end.needs", e.needs)}
        <div class="row actions">
          <ha-button appearance="plain" @click=${n.toDevice}>${r("end.to_device")}</ha-button>
          ${a ? x`<ha-button appearance="plain" @click=${() => n.undo(a)}>${r("end.undo")}</ha-button>` : C}
          ${e.error ? x`<ha-button @click=${n.again}>${r("restore.try_again")}</ha-button>` : C}
        </div>
      </div></ha-card
    >`;
}
function tr(e, t) {
	return e.unfinished_restore ? x`<ha-alert alert-type="warning" .title=${t("device.unfinished_heading")}
        >${t("device.unfinished")}</ha-alert
      >` : x`<p>${t("end.untouched")}</p>`;
}
// src/views/restore.ts
var K = class extends U {
	constructor(...e) {
		super(...e), this.device = null, this.backups = null, this.plan = null, this.steps = null, this.restore = null, this.isEndShown = !1, this.isStarting = !1, this.isAway = !1, this.followed = "", this.hadFocus = !1, this.turn = 0, this.asked = "";
	}
	get source() {
		return this.view.source ?? this.view.key;
	}
	get backupId() {
		return this.view.backup ?? this.backups?.find((e) => e.offered)?.backup_id ?? null;
	}
	get backup() {
		return this.backups?.find((e) => e.backup_id === this.backupId);
	}
	disconnectedCallback() {
		super.disconnectedCallback(), this.unfollow();
	}
	willUpdate(e) {
		let { device: t } = this;
		if (t && this.isConnected && this.followed !== t.key && (this.unfollow(), this.followed = t.key, this.follow(t.key)), !e.has("view")) {
			this.backups && t && e.has("device") && e.get("device")?.restore !== t.restore && this.loadPlan();
			return;
		}
		let n = e.get("view");
		n?.key !== this.view.key || n.source !== this.view.source ? (this.backups = null, this.loadBackups()) : this.loadPlan();
	}
	follow(e) {
		this.keepFollowing((t) => this.api.followRestore(e, t), (t, n) => {
			this.followed === e && (this.note(`restore ${e}`, {
				isGoingOn: t.running,
				isNothing: !t.running && !t.end
			}, n), this.setState(t));
		});
	}
	again() {
		this.loadBackups();
	}
	unfollow() {
		this.stopFollowing(), this.followed = "", this.restore = null, this.isEndShown = !1;
	}
	setState(e) {
		let t = this.restore?.running === !0 && !e.running;
		this.isEndShown = !e.running && (this.isEndShown || t), this.restore = e, t && this.loadBackups();
	}
	async loadBackups() {
		let e = ++this.turn;
		this.forgetPlan();
		try {
			let { backups: t } = await this.api.backups(this.source);
			e === this.turn && (this.backups = t, await this.loadPlan());
		} catch (t) {
			e === this.turn && this.fail(t);
		}
	}
	forgetPlan() {
		this.plan = this.steps = this.error = null, this.isAway = !1, this.asked = "";
	}
	async loadPlan() {
		let { device: e, backupId: t, source: n } = this;
		if (this.forgetPlan(), !e?.restore || !t || this.restore?.running) return;
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
			this.asked === r && (this.fail(e), this.isAway = e.code === "cannot_connect");
		}
	}
	render() {
		let { device: e, texts: t, restore: n } = this;
		if (!e) return x`<h1 tabindex="-1">${t("device.unknown")}</h1>
        <p>${t("device.unknown_text")}</p>`;
		let r = n?.running ? Yn(n, t) : this.isEndShown && n?.end ? er(n.end, e, this.waysOn(e, n.end)) : e.restore ? this.choice(e) : x`<p>${this.whyImpossible(e)}</p>
              <p>
                <a href=${this.root + P({
			name: "device",
			key: e.key
		})}>${t("end.to_device")}</a>
              </p>`;
		return x`<h1 tabindex="-1">${t("restore.heading", { name: e.title })}</h1>
      <p class="unseen" role="status">${this.announcement(n)}</p>
      ${r}`;
	}
	whyImpossible({ state: e, reason: t }) {
		return e === "removed" || e === "not_set_up" ? this.texts(`device.${e}`) : e === "handler_missing" && t !== null ? t : this.texts("restore.impossible");
	}
	announcement(e) {
		return e?.running ? [e.prompt ?? this.texts("restore.running"), e.text ?? ""].join(" ") : this.isEndShown && e?.end ? e.end.error ?? this.texts("restore.done", { date: B(e.end.taken_at, this.formats) }) : this.plan ? this.texts("plan.heading") : this.steps ? this.texts("restore.by_person") : "";
	}
	updated() {
		this.hadFocus && St() && Ct(this.renderRoot), this.hadFocus = this.matches(":focus-within");
	}
	choice(e) {
		let { texts: t, restore: n } = this;
		return x`
      ${this.isInterrupted && !e.unfinished_restore ? x`<ha-alert alert-type="warning">${t("restore.interrupted")}</ha-alert>` : this.unfinished(e)}
      ${n?.end ? x`<ha-alert alert-type=${n.end.error ? "warning" : "info"}
              >${t(n.end.error ? "restore.last_failed" : "restore.last_done")}
              <ha-button slot="action" size="small" appearance="plain" @click=${() => this.isEndShown = !0}
                >${t("restore.show_last")}</ha-button
              ></ha-alert
            >` : C}
      <ha-card
        ><div class="content">
          ${this.which()} ${e.restore === "device" ? this.from(e) : C}
          ${this.backup ? zn(this.backup, t) : C}
        </div></ha-card
      >
      ${this.error ? x`<ha-alert alert-type="error"
                >${this.error}
                <div class="row">
                  <ha-button size="small" appearance="plain" @click=${() => void this.loadPlan()}
                    >${t("restore.try_again")}</ha-button
                  >
                </div></ha-alert
              >${this.isAway && this.source === e.key ? Jn(e, t) : C}` : C}
      ${this.found(e)}
      <device-backups-confirm
        .heading=${t("question.restore.heading", { name: e.title })}
        .text=${t("question.restore.text")}
        .action=${t("restore.start")}
        .cancel=${t("cancel")}
      ></device-backups-confirm>
    `;
	}
	found(e) {
		return this.plan ? this.planned(e, this.plan) : this.steps ? qn(this.steps, () => this.download(e.key), this.texts) : this.waiting();
	}
	waiting() {
		return this.error ? C : this.backups && !this.backupId ? x`<p>${this.texts(this.backups.length === 0 ? "restore.none" : "restore.choose")}</p>` : x`<p role="status" class="row">
      <ha-spinner size="small"></ha-spinner>${this.texts("restore.planning")}
    </p>`;
	}
	which() {
		let { texts: e, formats: t } = this;
		return Ln(this.backups ?? [], this.backupId, {
			texts: e,
			formats: t
		}, (e) => this.show({
			...this.view,
			backup: e
		}, !0));
	}
	from(e) {
		return Rn(e, vt(e, this.devices), this.source, this.texts, (t) => this.show({
			...this.view,
			backup: null,
			source: t === e.key ? null : t
		}, !0));
	}
	planned(e, t) {
		let n = e.unfinished_restore !== null, r = n || Wn(t);
		return x`${Gn(t, n, this.texts)}
    ${r ? x`<div class="row end">
            <ha-button .disabled=${this.isStarting} @click=${() => void this.start(e, t)}
              >${this.texts("restore.start")}</ha-button
            >
          </div>` : C}`;
	}
	download(e) {
		let { backupId: t } = this;
		t !== null && this.once(() => this.api.download(e, t).catch((e) => this.toastError(e)));
	}
	waysOn(e, t) {
		let { texts: n, formats: r } = this, { key: i } = e, a = (e) => {
			this.isEndShown = !1, this.show(e);
		};
		return {
			texts: n,
			formats: r,
			toDevice: () => this.show({
				name: "device",
				key: i
			}),
			undo: (e) => a({
				name: "restore",
				key: i,
				backup: e,
				source: null
			}),
			again: () => {
				a({
					...this.view,
					backup: t.backup_id
				}), this.loadPlan();
			}
		};
	}
	async start(e, t) {
		if (!(t.risks.length > 0 && !await this.confirm.ask())) {
			this.isStarting = !0;
			try {
				await I.during(() => this.api.restore(e.key, t.backup_id, t.source));
			} catch (e) {
				this.fail(e), await this.reveal("ha-alert");
			} finally {
				this.isStarting = !1;
			}
		}
	}
	static {
		this.styles = [
			H,
			In,
			o`
      h2.part {
        font-size: 15px;
        font-weight: 500;
        margin: 12px 0 0;
      }
      .end {
        justify-content: flex-end;
      }
    `
		];
	}
};
L([D({ attribute: !1 })], K.prototype, "devices", void 0), L([D({ attribute: !1 })], K.prototype, "device", void 0), L([D({ attribute: !1 })], K.prototype, "view", void 0), L([O()], K.prototype, "backups", void 0), L([O()], K.prototype, "plan", void 0), L([O()], K.prototype, "steps", void 0), L([O()], K.prototype, "restore", void 0), L([O()], K.prototype, "isEndShown", void 0), L([O()], K.prototype, "isStarting", void 0), L([O()], K.prototype, "isAway", void 0), L([k("device-backups-confirm")], K.prototype, "confirm", void 0);
// src/views/compare.ts
var nr = "", rr = class extends U {
	constructor(...e) {
		super(...e), this.device = null, this.backups = [], this.found = null;
	}
	willUpdate(e) {
		e.has("view") && (e.get("view")?.key !== this.view.key && (this.backups = [], this.loadBackups()), this.load());
	}
	async loadBackups() {
		let { key: e } = this.view;
		try {
			let { backups: t } = await this.api.backups(e);
			this.view.key === e && (this.backups = t);
		} catch (t) {
			this.view.key === e && this.fail(t);
		}
	}
	again() {
		this.loadBackups(), this.load();
	}
	async load() {
		let { view: e } = this;
		this.found = this.error = null;
		try {
			let t = await this.api.compare(e.key, e.older, e.newer);
			this.view === e && (this.found = t);
		} catch (t) {
			this.view === e && this.fail(t);
		}
	}
	render() {
		let { device: e, texts: t, view: n } = this;
		return e ? x`
      <h1 tabindex="-1">${t("compare.heading", { name: e.title })}</h1>
      <ha-card
        ><div class="content sides">
          ${this.side("compare.older", n.older, !1, (e) => ({
			...n,
			older: e
		}))}
          ${this.side("compare.newer", n.newer ?? nr, !0, (e) => ({
			...n,
			newer: e === nr ? null : e
		}))}
        </div></ha-card
      >
      ${this.error ? x`<ha-alert alert-type="error">${this.error}</ha-alert>` : this.found ? this.differences(this.found) : x`<p role="status" class="row"><ha-spinner size="small"></ha-spinner>${t("compare.running")}</p>`}
    ` : x`<h1 tabindex="-1">${t("device.unknown")}</h1>
        <p>${t("device.unknown_text")}</p>`;
	}
	side(e, t, n, r) {
		let i = bn(this.backups.map(({ taken_at: e }) => e), this.formats);
		return x`<label
      >${this.texts(e)}
      <select @change=${(e) => this.show(r(e.target.value), !0)}>
        ${n && this.device && mt(this.device) ? x`<option value=${nr} .selected=${Fn(t === nr)}>${this.texts("compare.now")}</option>` : C}
        ${this.backups.map(({ backup_id: e, taken_at: n, of_newer: r }) => x`<option value=${e} .selected=${Fn(e === t)} .disabled=${r}>
              ${i.get(n)}
            </option>`)}
      </select></label
    >`;
	}
	differences(e) {
		let { texts: t } = this, n = [...e.files].sort((e, t) => Number(t.counts) - Number(e.counts)), r = e.files.filter((e) => e.counts).length + e.more;
		return x`
      <p role="status">
        ${e.files.length === 0 ? t("compare.equal") : e.counts ? t("compare.differs", { count: r }) : t("compare.only_by_itself")}
      </p>
      ${n.map((e) => this.file(e))}
      ${e.more > 0 ? x`<p>${t("compare.more_files", { count: e.more })}</p>` : C}
      ${e.unchanged > 0 ? x`<p class="quiet">${t("plan.unchanged", { count: e.unchanged })}</p>` : C}
    `;
	}
	file(e) {
		let { texts: t } = this, n = e.settings.length + e.lines.length + e.members.length > 0;
		return x`<ha-card class=${e.counts ? "" : "quiet"}
      ><div class="content">
        <h2>${e.path}</h2>
        <p class="quiet">
          ${V([
			t(`compare.${e.change}`),
			this.sizes(e),
			e.counts ? "" : t("compare.by_itself")
		])}
        </p>
        ${e.settings.length > 0 ? this.settings(e) : C}
        ${e.lines.length > 0 ? x`<pre role="region" aria-label=${e.path} tabindex="0">
${e.lines.map((e) => x`<span class=${e.change}
                      >${e.change === "removed" ? "−" : "+"} ${e.text}${"\n"}</span
                    >`)}</pre>` : C}
        ${e.members.length > 0 ? x`<ul>
                ${e.members.map((e) => x`<li>${e.path}: ${t(`compare.${e.change}`)} (${this.sizes(e)})</li>`)}
              </ul>` : C}
        ${!n && e.counts && e.change === "changed" ? x`<p>${t("compare.not_shown")}</p>` : C}
        ${e.more > 0 ? x`<p>${t("compare.more", { count: e.more })}</p>` : C}
      </div></ha-card
    >`;
	}
	settings(e) {
		let { texts: t } = this;
		return x`<div class="scroll" role="region" aria-label=${e.path} tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">${t("compare.setting")}</th>
            <th scope="col">${t("compare.before")}</th>
            <th scope="col">${t("compare.after")}</th>
          </tr>
        </thead>
        <tbody>
          ${e.settings.map((e) => x`<tr class=${e.counts ? "" : "quiet"}>
                <th scope="row">${e.path.join(" > ")}</th>
                ${e.change === "changed" && e.before === e.after ? x`<td colspan="2">${t(e.masked ? "compare.secret" : "compare.not_shown")}</td>` : x`<td>${e.change === "added" ? "" : this.value(e, e.before)}</td>
                        <td>${e.change === "removed" ? "" : this.value(e, e.after)}</td>`}
              </tr>`)}
        </tbody>
      </table>
    </div>`;
	}
	value({ masked: e }, t) {
		return e ? this.texts("compare.secret_value") : t ?? "–";
	}
	sizes({ size_before: e, size_after: t }) {
		let n = [e, t].filter((e) => e !== null);
		return [...new Set(n)].map((e) => Tn(e, this.formats.language)).join(" → ");
	}
	static {
		this.styles = [H, o`
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
        table-layout: fixed;
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
      th:first-child {
        width: 40%;
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
L([D({ attribute: !1 })], rr.prototype, "device", void 0), L([D({ attribute: !1 })], rr.prototype, "view", void 0), L([O()], rr.prototype, "backups", void 0), L([O()], rr.prototype, "found", void 0);
// src/dropped.ts
function ir(e) {
	return [...e ?? []].map((e) => ({
		path: e.webkitRelativePath || e.name,
		file: e
	}));
}
async function ar(e) {
	let t = [...e.items].map((e) => e.webkitGetAsEntry()).filter((e) => e !== null);
	return t.length > 0 ? (await Promise.all(t.map(or))).flat() : ir(e.files);
}
async function or(e) {
	if (e.isFile) {
		let t = await new Promise((t, n) => e.file(t, n));
		return [{
			path: e.fullPath.replace(/^\//, ""),
			file: t
		}];
	}
	let t = e.createReader(), n = [];
	for (;;) {
		let e = await new Promise((e, n) => t.readEntries(e, n));
		if (e.length === 0) break;
		n.push(...e);
	}
	return (await Promise.all(n.map(or))).flat();
}
async function sr(e) {
	let t = await new Promise((t, n) => {
		let r = new FileReader();
		r.onload = () => t(r.result), r.onerror = () => n(Error(r.error?.message ?? e.name)), r.readAsDataURL(e);
	});
	return t.slice(t.indexOf(",") + 1);
}
// src/sending.ts
var cr = 3;
function lr(e) {
	e.preventDefault();
}
var ur = class extends EventTarget {
	constructor(...e) {
		super(...e), this.isSending = !1;
	}
	change(e) {
		e !== this.isSending && (this.isSending = e, e ? addEventListener("beforeunload", lr) : removeEventListener("beforeunload", lr)), this.dispatchEvent(new Event("change"));
	}
}, dr = class extends ur {
	constructor(...e) {
		super(...e), this.progress = null, this.isWaiting = !1, this.notSent = [], this.tries = /* @__PURE__ */ new Map(), this.refused = /* @__PURE__ */ new Set();
	}
	async send(e, t, n) {
		let r = null;
		this.tries.clear(), this.refused.clear(), this.report({
			done: 0,
			count: t.length
		});
		try {
			for (;;) try {
				let i = await e.beginImport(r);
				r = i.batch, await this.sendMissing(e, r, t, new Set(i.arrived), n), this.refused.size < t.length && await e.runImport(r);
				return;
			} catch (e) {
				if (!ot(e) && !st(e)) throw e;
				await this.pause();
			}
		} finally {
			this.isWaiting = !1, this.report(null);
		}
	}
	async sendMissing(e, t, n, r, i) {
		let a = n.length;
		for (let [o, { path: s, file: c }] of n.entries()) if (!(r.has(s) || this.refused.has(s))) {
			this.report({
				done: o,
				count: a
			});
			try {
				await e.uploadForImport(t, s, c, (e) => this.report({
					done: o + e,
					count: a
				}));
			} catch (e) {
				let t = (this.tries.get(s) ?? 0) + 1;
				if (this.tries.set(s, t), ot(e) && t < cr) throw e;
				this.refused.add(s), this.notSent.push(`${s}: ${N(e, i)}`);
			}
		}
	}
	report(e) {
		this.progress = e, this.isWaiting = !1, this.change(e !== null);
	}
	async pause() {
		this.isWaiting = !0, this.change(!0), await new Promise((e) => setTimeout(e, wt));
	}
}, fr = class extends ur {
	constructor(...e) {
		super(...e), this.file = null, this.share = null, this.error = null;
	}
	async send(e, t, n) {
		if (this.share === null) {
			this.file = t, this.error = null, this.report(0);
			try {
				await e.uploadSnapshot(t, (e) => this.report(e)), this.file = null;
			} catch (e) {
				this.error = N(e, n);
			} finally {
				this.report(null);
			}
		}
	}
	hasArrived(e, t) {
		return this.error !== null && this.file?.name === e && this.file.size === t;
	}
	forget() {
		this.file = this.error = null, this.report(null);
	}
	report(e) {
		this.share = e, this.change(e !== null);
	}
}, q = new dr(), J = new fr(), pr = 2e3, mr = 64, Y = class extends U {
	constructor(...e) {
		super(...e), this.imported = null, this.isOver = !1, this.sent = () => this.requestUpdate();
	}
	connectedCallback() {
		super.connectedCallback(), q.addEventListener("change", this.sent);
	}
	disconnectedCallback() {
		super.disconnectedCallback(), q.removeEventListener("change", this.sent);
	}
	firstUpdated() {
		this.keepFollowing((e) => this.api.followImport(e), (e, t) => {
			let n = e.running;
			this.note("import", {
				isGoingOn: n,
				isNothing: !n && e.files.length === 0
			}, t), this.imported = e;
		});
	}
	render() {
		let { texts: e, imported: t } = this, { progress: n, isWaiting: r, notSent: i } = q, a = n !== null || t?.running === !0;
		return x`
      <h1 tabindex="-1">${e("way.import")}</h1>
      <p class="quiet">${e("import.text")}</p>
      ${this.error ? x`<ha-alert alert-type="error">${this.error}</ha-alert>` : C}
      ${this.isInterrupted && !a ? x`<ha-alert alert-type="warning">${e("import.interrupted")}</ha-alert>` : C}
      <ha-card
        class=${this.isOver ? "over" : ""}
        @dragover=${(e) => {
			e.preventDefault(), this.isOver = !0;
		}}
        @dragleave=${() => this.isOver = !1}
        @drop=${(e) => {
			e.preventDefault(), this.isOver = !1, e.dataTransfer && !a && this.dropped(e.dataTransfer);
		}}
        ><div class="content">
          <div class="row">
            <ha-button .disabled=${a} @click=${() => this.files.click()}>${e("import.files")}</ha-button>
            <ha-button appearance="plain" .disabled=${a} @click=${() => this.folder.click()}
              >${e("import.folder")}</ha-button
            >
            <span class="quiet">${e("import.drop")}</span>
          </div>
          ${n ? x`<progress aria-label=${e("way.import")} max=${n.count} .value=${n.done}></progress>
                  <p role="status">
                    ${r ? e("import.waiting") : e("import.sending", {
			done: Math.floor(n.done),
			count: n.count
		})}
                  </p>` : t?.running ? x`<progress
                      aria-label=${e("way.import")}
                      max=${Math.max(t.total, 1)}
                      .value=${t.looked_at}
                    ></progress>
                    <p role="status">
                      ${e("import.looking", {
			done: t.looked_at,
			count: t.total
		})}
                      ${e("restore.goes_on")}
                    </p>` : C}
        </div></ha-card
      >
      <input id="files" type="file" multiple hidden @change=${() => void this.chosen(this.files)} />
      <input id="folder" type="file" webkitdirectory hidden @change=${() => void this.chosen(this.folder)} />
      ${i.length > 0 ? x`<ha-alert alert-type="warning" .title=${e("import.not_sent")}
              ><ul>
                ${i.map((e) => x`<li>${e}</li>`)}
              </ul></ha-alert
            >` : C}
      ${t === null && this.error === null ? this.loading() : C}
      ${t && t.files.length > 0 && !n ? this.results(t) : C}
    `;
	}
	results(e) {
		let t = (t) => e.files.filter((e) => e.outcome === t).length, n = [...e.files].sort((e, t) => hr(e) - hr(t));
		return x`
      <p role="status">
        ${this.texts("import.summary", {
			stored: t("stored"),
			present: t("present"),
			waiting: t("without_owner"),
			refused: t("refused")
		})}
      </p>
      <ha-card
        ><ul class="rows">
          ${z(n, ({ names: e }) => JSON.stringify(e), (e) => this.file(e))}
        </ul></ha-card
      >
    `;
	}
	file(e) {
		let { texts: t } = this, n = e.outcome === "refused" ? "problem" : e.outcome === "stored" ? "good" : "";
		return x`<li>
      <span class="name"
        >${e.names.join(" + ")}
        ${e.device_key ? x`<span
                ><a href=${this.root + P({
			name: "device",
			key: e.device_key
		})}
                  >${t("import.for", { name: e.title ?? e.device_key })}</a
                ></span
              >` : C}
        ${e.error ? x`<span class="quiet">${e.error}</span>` : C}
        ${e.device_key && !e.is_set_up ? x`<span
                >${t("import.unknown_device")}
                <a href="/config/integrations/dashboard/add?domain=ha_device_backups">${t("overview.add")}</a></span
              >` : C}
        ${e.outcome === "without_owner" ? x`<span class="quiet"
                  >${e.made_at ? t("import.made_at", { date: B(e.made_at, this.formats) }) : t("import.no_time")}</span
                >${this.owner(e)}` : C}</span
      >
      <span class="label ${n}">${t(`import.outcome.${e.outcome}`)}</span>
    </li>`;
	}
	owner(e) {
		let { texts: t } = this, n = [...this.devices.values()].filter((t) => t.key.split(":", 1)[0] === e.kind);
		return n.length === 0 ? x`<span
        >${t("import.no_device")}
        <a href="/config/integrations/dashboard/add?domain=ha_device_backups">${t("overview.add")}</a></span
      >` : x`<span class="row owner"
      ><label
        >${t("import.owner")}
        <select required>
          <option value="" selected>${t("import.choose")}</option>
          ${n.map((e) => x`<option value=${e.key}>${e.title}</option>`)}
        </select></label
      >
      <ha-button
        size="small"
        appearance="plain"
        @click=${(t) => {
			let n = t.currentTarget.closest("li")?.querySelector("select");
			n?.reportValidity() && this.once(() => this.attempt(() => this.api.assignImported(e.names, n.value)));
		}}
        >${t("import.take")}</ha-button
      ></span
    >`;
	}
	async chosen(e) {
		let t = ir(e.files);
		e.value = "", await this.send(t);
	}
	async dropped(e) {
		await this.attempt(async () => this.send(await ar(e)));
	}
	async send(e) {
		if (e.length === 0 || q.progress) return;
		if (e.length > pr) {
			this.error = this.texts("import.too_many", { most: pr });
			return;
		}
		let t = [], n = /* @__PURE__ */ new Map();
		for (let r of e) r.file.size > mr * 1048576 ? t.push(`${r.path}: ${this.texts("import.too_large", { limit: mr })}`) : n.has(r.path) ? t.push(`${r.path}: ${this.texts("import.same_name")}`) : n.set(r.path, r);
		q.notSent = t, this.isInterrupted = !1, this.requestUpdate(), n.size > 0 && await this.attempt(() => q.send(this.api, [...n.values()], this.texts));
	}
	static {
		this.styles = [H, o`
      .over {
        outline: 2px dashed var(--primary-color);
      }
      .name > span {
        display: block;
        font-size: 14px;
        overflow-wrap: anywhere;
      }
      .name > span.owner {
        display: flex;
      }
    `];
	}
};
L([D({ attribute: !1 })], Y.prototype, "devices", void 0), L([O()], Y.prototype, "imported", void 0), L([O()], Y.prototype, "isOver", void 0), L([k("#files")], Y.prototype, "files", void 0), L([k("#folder")], Y.prototype, "folder", void 0);
function hr(e) {
	return [
		"without_owner",
		"refused",
		"stored",
		"present"
	].indexOf(e.outcome);
}
// src/views/packages.ts
var gr = 4, _r = "\\s*[A-Za-z0-9.!+_\\-]+\\s*", vr = `\\s*[A-Za-z0-9]([A-Za-z0-9._\\-]*[A-Za-z0-9])?\\s*==${_r}`, yr = {
	install: "installing",
	install_again: "installing",
	remove: "removing",
	keep_recipe: "taking"
}, br = {
	install: "installed",
	install_again: "installed",
	remove: "removed",
	keep_recipe: "recipe_kept"
}, xr = class extends U {
	constructor(...e) {
		super(...e), this.state = null, this.question = {
			heading: "",
			text: "",
			action: ""
		};
	}
	firstUpdated() {
		this.keepFollowing((e) => this.api.followPackages(e), (e, t) => {
			let n = e.now !== null;
			this.note("packages", {
				isGoingOn: n,
				isNothing: !n && e.last === null
			}, t), this.state = e;
		});
	}
	render() {
		let { texts: e, state: t } = this;
		return x`
      <h1 tabindex="-1">${e("way.packages")}</h1>
      <p class="quiet">${e("packages.text")}</p>
      ${this.error ? x`<ha-alert alert-type="error">${this.error}</ha-alert>` : C}
      ${this.isInterrupted ? x`<ha-alert alert-type="warning">${e("packages.interrupted")}</ha-alert>` : C}
      ${t ? this.content(t) : this.error === null ? this.loading() : C}
      <device-backups-confirm
        .heading=${this.question.heading}
        .text=${this.question.text}
        .action=${this.question.action}
        .cancel=${e("cancel")}
      ></device-backups-confirm>
    `;
	}
	content(e) {
		let { texts: t } = this, { now: n, last: r } = e;
		return x`
      ${n ? x`<p role="status" class="row">
              <ha-spinner size="small"></ha-spinner
              >${t(`packages.${yr[n.what]}`, { package: n.package || t("way.packages") })}
              ${t("restore.goes_on")}
            </p>` : C}
      ${r ? x`<ha-alert alert-type=${r.error ? "error" : "success"}
              >${r.error ?? x`${t(`packages.${br[r.what]}`, { package: r.package || t("way.packages") })}
                ${r.what === "keep_recipe" ? x`<a href="/config/integrations/dashboard/add?domain=ha_device_backups"
                        >${t("overview.add")}</a
                      >` : C}`}</ha-alert
            >` : C}
      ${e.absent ? x`<ha-button
              appearance="plain"
              .disabled=${n !== null}
              @click=${() => void this.once(() => this.attempt(() => this.api.installAgain()))}
              >${t("packages.install_again")}</ha-button
            >` : C}
      <ha-card
        ><ul class="rows">
          ${z(e.packages, ({ name: e }) => e, (e) => this.package(e, n !== null))}
        </ul></ha-card
      >
      ${e.catalogue.length > 0 ? x`<h2>${t("packages.catalogue")}</h2>
              <ha-card
                ><ul class="rows">
                  ${e.catalogue.map((e) => x`<li>
                        <span class="name"
                          ><a href=${e.link} target="_blank" rel="noreferrer">${e.title}</a
                          ><span class="quiet">${e.backs_up}</span></span
                        >
                        <ha-button
                          size="small"
                          appearance="plain"
                          aria-label=${t("packages.install_named", { name: e.title })}
                          .disabled=${n !== null}
                          @click=${() => void this.install(e.package)}
                          >${t("packages.install")}</ha-button
                        >
                      </li>`)}
                </ul></ha-card
              >` : C}
      <ha-card
        ><form class="content" @submit=${(e) => this.submitted(e)}>
          <h2>${t("packages.any")}</h2>
          <p class="quiet">${t("packages.any_text")}</p>
          <div class="row">
            <input
              type="text"
              name="package"
              required
              pattern=${vr}
              title=${t("packages.any_text")}
              aria-label=${t("packages.any_text")}
              autocapitalize="off"
              autocomplete="off"
              spellcheck="false"
            />
            <ha-button
              appearance="plain"
              .disabled=${n !== null}
              @click=${() => this.shadowRoot?.querySelector("form")?.requestSubmit()}
              >${t("packages.install")}</ha-button
            >
          </div>
        </form></ha-card
      >
      <device-backups-recipes
        .hass=${this.hass}
        .texts=${t}
        .root=${this.root}
        .recipes=${e.recipes}
        .isBusy=${n !== null}
      ></device-backups-recipes>
    `;
	}
	package(e, t) {
		let { texts: n } = this;
		return x`<li>
      <span class="name"
        >${e.title} ${e.version}
        <span class="quiet"
          >${V([e.origin, e.devices > 0 && n("packages.devices", { count: e.devices })])}</span
        >
        ${this.kinds(e)}
        ${e.waits ? x`<span>${n("packages.waits", { version: e.waits })}</span>` : C}
        ${e.newer ? x`<span>${n("packages.newer", { version: e.newer })}</span>` : C}
        ${e.problems.map((e) => x`<ha-alert alert-type="warning">${e}</ha-alert>`)}
        ${e.link ? x`<span
                ><a
                  href=${e.link}
                  target="_blank"
                  rel="noreferrer"
                  aria-label=${`${n("packages.about")}: ${e.title}`}
                  >${n("packages.about")}</a
                ></span
              >` : C}</span
      >
      ${e.is_own ? x`<span class="row"
              ><input
                type="text"
                size="8"
                required
                pattern=${_r}
                aria-label=${`${n("packages.version")}: ${e.title}`}
                .value=${e.newer ?? e.waits ?? e.version}
              />
              <ha-button
                size="small"
                appearance="plain"
                aria-label=${n("packages.update_named", { name: e.title })}
                .disabled=${t}
                @click=${(t) => {
			let n = t.currentTarget.closest("li")?.querySelector("input");
			n?.reportValidity() && this.install(`${e.name}==${n.value.trim()}`);
		}}
                >${n("packages.update")}</ha-button
              >
              <ha-button
                size="small"
                appearance="plain"
                variant="danger"
                aria-label=${n("packages.remove_named", { name: e.title })}
                .disabled=${t}
                @click=${() => void this.uninstall(e)}
                >${n("packages.remove")}</ha-button
              ></span
            >` : C}
    </li>`;
	}
	kinds(e) {
		let { texts: t } = this;
		return e.kinds.length === 0 || e.kinds.length === 1 && e.kinds[0] === e.title ? C : e.kinds.length <= gr ? x`<span class="quiet">${t("packages.kinds", { kinds: e.kinds.join(", ") })}</span>` : x`<details>
          <summary>${t("packages.kinds_many", { count: e.kinds.length })}</summary>
          <ul>
            ${e.kinds.map((e) => x`<li>${e}</li>`)}
          </ul>
        </details>`;
	}
	submitted(e) {
		e.preventDefault();
		let t = e.target.querySelector("input")?.value.trim();
		t && this.install(t);
	}
	async install(e) {
		await this.ask("install", e) && await this.once(() => this.attempt(() => this.api.installPackage(e)));
	}
	async uninstall(e) {
		await this.ask("remove", e.title, this.texts("packages.devices", { count: e.devices })) && await this.once(() => this.attempt(() => this.api.removePackage(e.name)));
	}
	async ask(e, t, n = "") {
		return this.question = {
			heading: this.texts(`question.${e}.heading`, { package: t }),
			text: [this.texts(`question.${e}.text`), n].filter(Boolean).join(" "),
			action: this.texts(`question.${e}.action`)
		}, await this.updateComplete, this.confirm.ask();
	}
	static {
		this.styles = [H, o`
      .name > .quiet,
      .name > span,
      details {
        display: block;
        font-size: 14px;
      }
      details ul {
        columns: 14em;
      }
    `];
	}
};
L([O()], xr.prototype, "state", void 0), L([O()], xr.prototype, "question", void 0), L([k("device-backups-confirm")], xr.prototype, "confirm", void 0);
// src/recovery.ts
function Sr(e, t) {
	let n = new Map(t.rows ? [] : e?.rows ?? []);
	for (let e of [...t.rows ?? [], ...t.changed ?? []]) n.set(e.key, e);
	return {
		asking: t.asking,
		restoring: t.restoring,
		rows: n
	};
}
function Cr(e) {
	return e.step === "was_asked" || e.step === "restore_failed";
}
function wr(e, t) {
	return [...e.rows.values()].filter((e) => e.finding === "differs" && e.can_restore === !0 && Cr(e) && (t.get(e.key) ?? (e.preselected === !0 && e.step === "was_asked")));
}
// src/views/power-cut.ts
var Tr = 10, Er = 5, X = class extends U {
	constructor(...e) {
		super(...e), this.recovery = null, this.ticks = /* @__PURE__ */ new Map(), this.asked = [];
	}
	firstUpdated() {
		this.keepFollowing((e) => this.api.followPowerCut(e), (e, t) => {
			this.recovery = Sr(this.recovery, e);
			let n = this.recovery.rows.size === 0;
			this.note("power_cut", {
				isGoingOn: !n,
				isNothing: n
			}, t);
		});
	}
	render() {
		let { texts: e, recovery: t } = this, n = [...t?.rows.values() ?? []], r = n.filter((e) => e.finding === "differs"), i = n.filter((e) => e.finding !== "differs"), a = n.filter((e) => e.finding !== null).length, o = t ? wr(t, this.ticks) : [];
		return x`
      <h1 tabindex="-1">${e("way.power_cut")}</h1>
      <p class="quiet">${e("power_cut.text")}</p>
      ${this.error ? x`<ha-alert alert-type="error">${this.error}</ha-alert>` : C}
      ${this.isInterrupted ? x`<ha-alert alert-type="warning">${e("power_cut.interrupted")}</ha-alert>` : C}
      <div class="row tools">
        <ha-button
          appearance=${n.length > 0 ? "plain" : "accent"}
          .disabled=${t === null || t.asking || t.restoring}
          @click=${() => void this.ask()}
          >${e(n.length > 0 ? "power_cut.ask_again" : "power_cut.ask")}</ha-button
        >
        ${n.length > 0 ? x`<span role="status">${e("power_cut.asking", {
			done: a,
			count: n.length
		})}</span>` : C}
      </div>
      ${t === null && this.error === null ? this.loading() : C}
      ${t?.asking ? x`<progress aria-label=${e("power_cut.ask")} max=${n.length} .value=${a}></progress>` : C}
      ${n.length > 0 && !t?.asking && r.length === 0 ? x`<ha-alert alert-type="success">${e("power_cut.all_well")}</ha-alert>` : C}
      ${r.length > 0 ? x`<h2>${e("power_cut.differs")}</h2>
              <ha-card
                ><ul class="rows">
                  ${z(r, ({ key: e }) => e, (e) => this.different(e))}
                </ul></ha-card
              >
              <div class="row end">
                ${t?.restoring ? x`<span class="quiet">${e("restore.goes_on")}</span>
                        <ha-button
                          appearance="plain"
                          @click=${() => void this.once(() => this.attempt(() => this.api.stopAfterThis()))}
                          >${e("power_cut.stop")}</ha-button
                        >` : C}
                ${r.some((e) => e.can_restore && Cr(e)) ? x`${o.length === 0 ? x`<span class="quiet">${e("power_cut.none_chosen")}</span>` : C}
                        <ha-button .disabled=${o.length === 0} @click=${() => void this.putBack(o)}
                          >${e("power_cut.restore", { count: o.length })}</ha-button
                        >` : C}
              </div>` : C}
      ${i.length > 0 ? x`<h2>${e("power_cut.others")}</h2>
              <ha-card
                ><ul class="rows">
                  ${z(i, ({ key: e }) => e, (e) => this.other(e))}
                </ul></ha-card
              >` : C}
      <device-backups-confirm
        .heading=${e("question.put_back.heading")}
        .text=${e("question.put_back.text", { names: this.named(this.asked) })}
        .action=${e("question.put_back.action")}
        .cancel=${e("cancel")}
      ></device-backups-confirm>
    `;
	}
	different(e) {
		let { texts: t } = this, n = e.cautions ?? [], r = this.ticks.get(e.key) ?? e.preselected ?? !1;
		return x`<li>
      ${e.can_restore && Cr(e) ? x`<input
              type="checkbox"
              aria-label=${t("power_cut.choose", { name: e.title })}
              .checked=${r}
              @change=${(t) => this.tick(e.key, t.target.checked)}
            />` : C}
      <span class="name"
        ><a href=${this.root + P({
			name: "device",
			key: e.key
		})}>${e.title}</a>
        <span class="quiet"
          >${V([e.taken_at && t("power_cut.against", { date: B(e.taken_at, this.formats) }), e.step !== "restored" && this.files(e)])}</span
        >
        ${e.suspicion && e.step !== "restored" ? x`<span>${e.suspicion}</span>` : C}
        ${e.can_restore && Cr(e) && n.length > 0 ? x`<span class="quiet"
                >${t("power_cut.caution_heading")}
                ${n.map((e) => x`${t(`power_cut.caution.${e}`)} `)}</span
              >` : C}
        ${e.can_restore ? C : this.devices.get(e.key)?.restore === "person" ? x`<span
                  >${t("power_cut.by_person")}
                  <a
                    href=${this.root + P({
			name: "restore",
			key: e.key,
			backup: e.backup_id ?? null,
			source: null
		})}
                    >${t("restore.action")}</a
                  ></span
                >` : x`<span>${t("restore.impossible")}</span>`}
        ${this.step(e)}</span
      >
      ${e.backup_id && e.step !== "restored" ? x`<a href=${this.root + P({
			name: "compare",
			key: e.key,
			older: e.backup_id,
			newer: null
		})}
              >${t("power_cut.what_differs")}</a
            >` : C}
    </li>`;
	}
	files(e) {
		let t = e.files ?? [], n = t.slice(0, Er).join(", "), r = (e.more ?? 0) + t.slice(Er).length;
		return r > 0 ? this.texts("power_cut.files_more", {
			files: n,
			count: r
		}) : this.texts("power_cut.files", { files: n });
	}
	step(e) {
		return e.step === "was_asked" ? C : x`<span role="status" class="step"
      ><span class="label ${e.step === "restored" ? "good" : e.step === "restore_failed" ? "problem" : ""}">${this.texts(`power_cut.step.${e.step}`)}</span> ${e.text} ${e.error}
      ${e.step === "is_restored" ? e.share === null ? x`<progress aria-label=${e.title}></progress>` : x`<progress aria-label=${e.title} max="1" .value=${e.share}></progress>` : C}</span
    >`;
	}
	other(e) {
		let { texts: t } = this, n = e.finding === "equal" ? "good" : e.finding === "failed" ? "problem" : "", r = e.finding ? t(`power_cut.finding.${e.finding}`) : t(`power_cut.step.${e.step}`);
		return x`<li>
      <span class="name"
        ><a href=${this.root + P({
			name: "device",
			key: e.key
		})}>${e.title}</a>
        ${e.finding === "failed" ? x`<span class="quiet">${e.reason}</span>` : C}
        ${e.finding === "away" ? x`<span class="quiet">${t("power_cut.away_text")}</span>` : C}</span
      >
      <span class="label ${n}">${r}</span>
    </li>`;
	}
	tick(e, t) {
		this.ticks = new Map(this.ticks).set(e, t);
	}
	named(e) {
		let t = e.slice(0, Tr).map((e) => e.title).join(", ");
		return e.length > Tr ? this.texts("question.put_back.more", {
			names: t,
			count: e.length - Tr
		}) : t;
	}
	async ask() {
		this.ticks = /* @__PURE__ */ new Map(), await this.once(() => this.attempt(() => this.api.askAll()));
	}
	async putBack(e) {
		this.asked = e, await this.updateComplete, await this.confirm.ask() && await this.once(() => this.attempt(() => this.api.putBack(e.map((e) => e.key))));
	}
	static {
		this.styles = [H, o`
      .tools {
        margin-bottom: 16px;
      }
      .end {
        justify-content: flex-end;
        margin-bottom: 24px;
      }
      .name > .quiet,
      .name > span {
        display: block;
        font-size: 14px;
        overflow-wrap: anywhere;
      }
      input[type="checkbox"] {
        width: 20px;
        height: 20px;
      }
    `];
	}
};
L([D({ attribute: !1 })], X.prototype, "devices", void 0), L([O()], X.prototype, "recovery", void 0), L([O()], X.prototype, "ticks", void 0), L([O()], X.prototype, "asked", void 0), L([k("device-backups-confirm")], X.prototype, "confirm", void 0);
// src/views/snapshot-devices.ts
var Dr = 3;
function Or(e, t) {
	let { texts: n, formats: r } = t, i = e.backups.slice(Dr), a = bn(e.backups.map(({ taken_at: e }) => e), r), o = (n) => jr(e, n, a.get(n.taken_at) ?? "", t);
	return x`<ha-card
    ><div class="content">
      ${kr(e, t)} ${e.is_set_up ? C : Ar(e, t)}
      <ul class="rows">
        ${e.backups.slice(0, Dr).map(o)}
      </ul>
      ${i.length > 0 ? x`<details>
              <summary>${n("snapshots.older", { count: i.length })}</summary>
              <ul class="rows">
                ${i.map(o)}
              </ul>
            </details>` : C}
    </div></ha-card
  >`;
}
function kr(e, { texts: t, isBusy: n, take: r }) {
	return x`<div class="row">
    <h3>${e.title} <span class="quiet">${e.kind_name}</span></h3>
    <span class="space"></span>
    ${e.backups.some((e) => e.stored_id === null) ? x`<ha-button
            size="small"
            appearance="plain"
            .disabled=${n}
            aria-label=${t("snapshots.take_all_of", { name: e.title })}
            @click=${() => r(e, null)}
            >${t("snapshots.take_all")}</ha-button
          >` : C}
  </div>`;
}
function Ar(e, { texts: t, root: n }) {
	if (e.replaced_by) {
		let { key: r, title: i } = e.replaced_by;
		return x`<p>${t("snapshots.replaced", { name: i })}</p>
      <p><a href=${n + P({
			name: "device",
			key: r
		})}>${i}</a></p>`;
	}
	return x`<p>${t("snapshots.unknown_device")}</p>
    <p>
      ${e.is_known ? x`<a href="/config/integrations/dashboard/add?domain=ha_device_backups">${t("overview.add")}</a>` : x`${t("snapshots.unknown_kind")} <a href="${n}/packages">${t("way.packages")}</a>`}
    </p>`;
}
function jr(e, t, n, { texts: r, formats: i, isBusy: a, take: o, restore: s }) {
	return x`<li>
    <span class="name"
      >${n}<span class="quiet">${V([t.device_version, Tn(t.size, i.language)])}</span> <span class="row">${Mr(t, r)}</span></span
    >
    <span class="row" role="group" aria-label="${e.title}, ${n}">
      ${t.stored_id === null ? x`<ha-button
              size="small"
              appearance="plain"
              .disabled=${a}
              @click=${() => o(e, t.backup_id)}
              >${r("snapshots.take")}</ha-button
            >` : C}
      ${e.can_restore && !t.of_newer ? x`<ha-button size="small" appearance="plain" .disabled=${a} @click=${() => s(e, t)}
              >${r("restore.action")}</ha-button
            >` : C}
    </span>
  </li>`;
}
function Mr(e, t) {
	return [
		[
			"label.recommended",
			e.recommended,
			"good"
		],
		[
			"snapshots.newest",
			e.newest,
			""
		],
		[
			"label.suspect",
			e.suspect !== null,
			"problem"
		],
		[
			"label.of_newer",
			e.of_newer,
			""
		],
		[
			"label.not_whole",
			!e.whole && !e.of_newer,
			"problem"
		],
		[
			"snapshots.present",
			e.stored_id !== null,
			""
		]
	].filter(([, e]) => e).map(([e, , n]) => x`<span class="label ${n}">${t(e)}</span>`);
}
// src/views/snapshot-key.ts
function Nr({ texts: e, name: t, wrong: n, hasOwnKey: r, open: i, cancel: a }) {
	return x`<ha-card
    ><form class="content" @submit=${(e) => {
		e.preventDefault(), i({ password: e.currentTarget.querySelector("input")?.value ?? "" });
	}}>
      <h2>${e("snapshots.key_heading")}</h2>
      <p class="quiet">${t}</p>
      ${n ? x`<ha-alert alert-type="error">${n}</ha-alert>` : C}
      <p>${e("snapshots.key_text")}</p>
      ${r ? x`<p>
              <ha-button @click=${() => i({ use_own_key: !0 })}>${e("snapshots.own_key")}</ha-button>
            </p>` : C}
      <div class="row">
        <label
          >${e("snapshots.password")}
          <input id="password" type="password" autocomplete="off" required />
        </label>
        <ha-button
          appearance="plain"
          @click=${(e) => e.currentTarget.closest("form")?.requestSubmit()}
          >${e("snapshots.decrypt")}</ha-button
        >
        <ha-button appearance="plain" @click=${a}>${e("cancel")}</ha-button>
      </div>
    </form></ha-card
  >`;
}
// src/views/snapshots.ts
var Z = class extends U {
	constructor(...e) {
		super(...e), this.found = null, this.open = null, this.locked = null, this.isBusy = !1, this.wanted = null, this.sent = () => this.requestUpdate();
	}
	connectedCallback() {
		super.connectedCallback(), J.addEventListener("change", this.sent);
	}
	disconnectedCallback() {
		super.disconnectedCallback(), J.removeEventListener("change", this.sent);
	}
	firstUpdated() {
		this.keepFollowing((e) => this.api.followSnapshot(e), (e, t) => this.shown(e, t)), this.load();
	}
	shown(e, t) {
		let n = e.source === null;
		this.note("snapshots", {
			isGoingOn: !n && e.error === null,
			isNothing: n
		}, t), this.open = e, e.source?.snapshot_id === null && J.hasArrived(e.source.name, e.source.size) && J.forget(), this.locked && e.source?.snapshot_id === this.locked.snapshot_id && e.error === null && (this.locked = null);
	}
	load() {
		this.attempt(async () => this.found = await this.api.snapshots());
	}
	again() {
		super.again(), this.load();
	}
	render() {
		let { texts: e, open: t } = this;
		return x`
      <h1 tabindex="-1">${e("way.snapshots")}</h1>
      <p class="quiet">${e("snapshots.text")}</p>
      ${this.error ? x`<ha-alert alert-type="error">${this.error}</ha-alert>` : C}
      ${this.locked || t?.error?.wants_password ? this.key() : C}
      ${t?.error && !t.error.wants_password ? x`<ha-alert alert-type="error">${t.error.message}</ha-alert>` : C}
      ${t?.reading ? this.reading(t) : t?.snapshot ? this.content(t) : this.list()}
      <input type="file" accept=".tar" hidden @change=${() => void this.send(this.chooser.files?.[0])} />
    `;
	}
	list() {
		let { texts: e, found: t } = this;
		return x`
      ${this.isInterrupted ? x`<ha-alert alert-type="warning">${e("snapshots.interrupted")}</ha-alert>` : C}
      ${t?.problems.map((t) => x`<ha-alert alert-type="warning">${e("snapshots.problem", { problem: t })}</ha-alert>`)}
      ${t === null ? this.error === null ? this.loading() : C : t.snapshots.length === 0 ? x`<p>${e("snapshots.none")}</p>` : x`<ha-card
                ><ul class="rows">
                  ${t.snapshots.map((e) => this.row(e))}
                </ul></ha-card
              >`}
      <ha-card
        ><div class="content">
          <p>${e("snapshots.file_text")}</p>
          ${this.upload()}
        </div></ha-card
      >
    `;
	}
	upload() {
		let { texts: e } = this, { share: t, error: n, file: r } = J;
		return t === null ? n === null || r === null ? x`<ha-button class="actions" appearance="plain" @click=${() => this.chooser.click()}
        >${e("snapshots.file")}</ha-button
      >` : x`<ha-alert alert-type="error" .title=${e("snapshots.not_sent", { name: r.name })}
      >${n}
      <div class="row">
        <ha-button size="small" appearance="plain" @click=${() => void this.send(r)}
          >${e("snapshots.send_again")}</ha-button
        >
        <ha-button size="small" appearance="plain" @click=${() => J.forget()}
          >${e("cancel")}</ha-button
        >
      </div></ha-alert
    >` : x`<progress aria-label=${e("snapshots.file")} max="1" .value=${t}></progress>
        <p role="status">${e("snapshots.uploading", { percent: Math.round(t * 100) })}</p>`;
	}
	row(e) {
		let { texts: t, formats: n } = this, r = B(e.date, n);
		return x`<li>
      <span class="name"
        >${r}<span class="quiet"
          >${V([
			e.name,
			e.version,
			Tn(e.size, n.language),
			e.devices !== null && t("snapshots.is_in", { count: e.devices }),
			e.protected && t("snapshots.encrypted"),
			!e.is_here && t("snapshots.elsewhere", { place: e.place })
		])}</span
        ></span
      >
      <ha-button
        size="small"
        appearance="plain"
        aria-label=${t("snapshots.open_named", { name: r })}
        @click=${() => void (e.protected ? this.askKey(e) : this.begin(e.snapshot_id, {}))}
        >${t("snapshots.open")}</ha-button
      >
    </li>`;
	}
	key() {
		let { texts: e, locked: t, open: n } = this, r = t ? t.snapshot_id : n?.source?.snapshot_id ?? null;
		return Nr({
			texts: e,
			name: t ? B(t.date, this.formats) : n?.source?.name,
			wrong: t ? void 0 : n?.error?.message,
			hasOwnKey: this.found?.has_own_key === !0,
			open: (e) => void this.begin(r, e),
			cancel: () => void this.close()
		});
	}
	reading(e) {
		let { texts: t } = this;
		return x`<ha-card
      ><div class="content">
        <h2>${t("snapshots.reading")}</h2>
        <p class="quiet">${e.source?.name}</p>
        <progress aria-label=${t("snapshots.reading")} max="1" .value=${e.share ?? 0}></progress>
        <p class="quiet" role="status">${t("restore.goes_on")}</p>
        <ha-button appearance="plain" @click=${() => void this.close()}>${t("cancel")}</ha-button>
      </div></ha-card
    >`;
	}
	content(e) {
		let { texts: t } = this;
		return x`
      <div class="row">
        <h2>${t("snapshots.heading", { name: e.snapshot?.date ? B(e.snapshot.date, this.formats) : e.source?.name ?? "" })}</h2>
        <span class="space"></span>
        <ha-button appearance="plain" @click=${() => void this.close()}>${t("snapshots.close")}</ha-button>
      </div>
      ${e.devices.length === 0 ? x`<p>${t("snapshots.empty")}</p>` : C}
      ${e.problems.length > 0 ? x`<ha-alert alert-type="warning" .title=${t("snapshots.problems")}
              ><ul>
                ${e.problems.map((e) => x`<li>${e}</li>`)}
              </ul></ha-alert
            >` : C}
      ${e.devices.map((e) => Or(e, this.rowContext()))}
      ${e.snapshot && e.snapshot.others.length > 0 ? x`<p class="quiet">${t("snapshots.others", { places: e.snapshot.others.join(", ") })}</p>` : C}
    `;
	}
	rowContext() {
		let { texts: e, formats: t, root: n, isBusy: r } = this;
		return {
			texts: e,
			formats: t,
			root: n,
			isBusy: r,
			take: (e, t) => void this.take(e, t),
			restore: (e, t) => void this.restore(e, t)
		};
	}
	async askKey(e) {
		this.locked = e, await this.reveal("form"), this.found?.has_own_key || this.password?.focus({ preventScroll: !0 });
	}
	async begin(e, t) {
		let n = JSON.stringify([e, t]);
		n !== this.wanted && (this.wanted = n, await I.during(() => this.attempt(() => this.api.openSnapshot(e, t))), this.wanted === n && (this.wanted = null, this.error === null && (this.locked = null)));
	}
	async close() {
		this.locked = null, await this.once(() => this.attempt(() => this.api.closeSnapshot()));
	}
	async send(e) {
		e && (this.isInterrupted = !1, this.chooser.value = "", await J.send(this.api, e, this.texts), await this.reveal("ha-alert"));
	}
	async take(e, t) {
		let n = null;
		return this.isBusy = !0, await this.once(async () => {
			try {
				let { taken: r, present: i, backup_id: a } = await this.api.take(e.key, t);
				On(this, this.texts("snapshots.taken", {
					taken: r,
					present: i
				})), n = a;
			} catch (e) {
				this.toastError(e);
			}
		}), this.isBusy = !1, n;
	}
	async restore(e, t) {
		let n = t.stored_id ?? await this.take(e, t.backup_id);
		n !== null && this.isConnected && this.show({
			name: "restore",
			key: e.key,
			backup: n,
			source: null
		});
	}
	static {
		this.styles = [H, o`
      h3 {
        font-size: 16px;
        font-weight: 500;
        margin: 0;
        overflow-wrap: anywhere;
      }
      .name > .quiet {
        display: block;
        font-size: 13px;
        overflow-wrap: anywhere;
      }
    `];
	}
};
L([O()], Z.prototype, "found", void 0), L([O()], Z.prototype, "open", void 0), L([O()], Z.prototype, "locked", void 0), L([O()], Z.prototype, "isBusy", void 0), L([k("#password")], Z.prototype, "password", void 0), L([k("input[type=file]")], Z.prototype, "chooser", void 0);
// src/elements/confirm.ts
var Q = class extends E {
	constructor(...e) {
		super(...e), this.heading = "", this.text = "", this.action = "", this.cancel = "", this.isOpen = !1, this.answer = () => void 0;
	}
	async ask() {
		return this.answer(!1), this.isOpen = !0, await this.updateComplete, this.dialog.showModal(), new Promise((e) => this.answer = e);
	}
	render() {
		return this.isOpen ? x`<dialog @close=${() => this.closed()} aria-labelledby="heading">
      <h2 id="heading">${this.heading}</h2>
      <p>${this.text}</p>
      <div class="buttons">
        <button autofocus @click=${() => this.end(!1)}>${this.cancel}</button>
        <button class="danger" @click=${() => this.end(!0)}>${this.action}</button>
      </div>
    </dialog>` : x``;
	}
	closed() {
		this.isOpen && !this.dialog.open && this.end(!1);
	}
	end(e) {
		this.isOpen && (this.isOpen = !1, this.dialog.close(), this.answer(e));
	}
	static {
		this.styles = o`
    dialog {
      box-sizing: border-box;
      max-width: min(528px, calc(100vw - 32px));
      overflow-wrap: anywhere;
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
L([D()], Q.prototype, "heading", void 0), L([D()], Q.prototype, "text", void 0), L([D()], Q.prototype, "action", void 0), L([D()], Q.prototype, "cancel", void 0), L([O()], Q.prototype, "isOpen", void 0), L([k("dialog")], Q.prototype, "dialog", void 0);
// src/elements/recipes.ts
var Pr = 1, $ = class extends U {
	constructor(...e) {
		super(...e), this.recipes = [], this.isBusy = !1, this.offered = null, this.heading = "h2", this.removed = "", this.looked = null;
	}
	render() {
		let { texts: e } = this;
		return x`
      <h2 tabindex="-1">${e("packages.recipes")}</h2>
      <p class="quiet">${e("packages.recipes_text")}</p>
      ${this.error ? x`<ha-alert alert-type="error">${this.error}</ha-alert>` : C}
      ${this.offered ? this.shown(this.offered) : C}
      <ha-card>
        ${this.recipes.length > 0 ? x`<ul class="rows">
                ${this.recipes.map((e) => this.recipe(e))}
              </ul>` : x`<p class="content quiet none">${e("packages.recipes_none")}</p>`}
        <div class="content end">
          <ha-button class="actions" appearance="plain" .disabled=${this.isBusy} @click=${() => this.chooser.click()}
            >${e("packages.add_recipe")}</ha-button
          >
        </div></ha-card
      >
      <input type="file" accept=".toml" hidden @change=${() => void this.look(this.chooser.files?.[0])} />
      <device-backups-confirm
        .heading=${e("question.remove_recipe.heading", { package: this.removed })}
        .text=${e("question.remove_recipe.text")}
        .action=${e("question.remove_recipe.action")}
        .cancel=${e("cancel")}
      ></device-backups-confirm>
    `;
	}
	recipe(e) {
		let { texts: t } = this;
		return x`<li>
      <span class="name"
        >${e.name}
        <span class="quiet">${e.file} · ${t("packages.devices", { count: e.devices })}</span>
        ${e.problem ? x`<ha-alert alert-type="warning">${e.problem}</ha-alert>` : C}</span
      >
      <span class="row">
        <ha-button
          size="small"
          appearance="plain"
          aria-label=${t("packages.update_named", { name: e.name })}
          .disabled=${this.isBusy}
          @click=${() => this.chooser.click()}
          >${t("packages.update")}</ha-button
        >
        <ha-button
          size="small"
          appearance="plain"
          variant="danger"
          aria-label=${t("packages.remove_named", { name: e.name })}
          .disabled=${this.isBusy}
          @click=${() => void this.askToRemove(e)}
          >${t("packages.remove")}</ha-button
        >
      </span>
    </li>`;
	}
	shown(e) {
		let { texts: t } = this;
		return e.mistakes.length > 0 ? x`<ha-alert id="look" alert-type="error"
        >${t("packages.recipe_mistakes", { file: e.file.name })}
        <ul>
          ${e.mistakes.map((e) => x`<li>${e}</li>`)}
        </ul></ha-alert
      >` : x`<ha-card id="look"
      ><div class="content">
        <h3 tabindex="-1">${t("packages.question_recipe", { name: e.name })}</h3>
        <p class="quiet">${t("packages.recipe_kind", { kind: e.kind })}</p>
        <ul>
          ${e.facts.map((e) => x`<li>${e}</li>`)}
        </ul>
        <div class="row end">
          <ha-button appearance="plain" @click=${() => this.offered = null}>${t("cancel")}</ha-button>
          <ha-button .disabled=${this.isBusy} @click=${() => void this.take(e.file)}
            >${t("packages.take")}</ha-button
          >
        </div>
      </div></ha-card
    >`;
	}
	async look(e) {
		e && (this.offered = null, this.looked = e, await I.during(() => this.attempt(async () => {
			if (e.size > Pr * 1048576) throw Error(this.texts("packages.recipe_too_large", {
				file: e.name,
				most: Pr
			}));
			let t = {
				name: e.name,
				content: await sr(e)
			}, n = await this.api.lookAtRecipe(t);
			this.looked === e && (this.offered = {
				...n,
				file: t
			});
		})), this.chooser.value = "", await this.reveal("#look"), this.renderRoot.querySelector("#look h3")?.focus({ preventScroll: !0 }));
	}
	async take(e) {
		await this.once(async () => {
			await this.attempt(() => this.api.keepRecipe(e)), this.error === null && (this.offered = null);
		});
	}
	async askToRemove(e) {
		this.removed = e.name, await this.updateComplete, await this.confirm.ask() && await this.once(() => this.attempt(() => this.api.removeRecipe(e.file)));
	}
	static {
		this.styles = [H, o`
      h3 {
        font-size: 16px;
        font-weight: 500;
        margin: 0 0 4px;
      }
      h3:focus {
        outline: none;
      }
      .none {
        margin: 0;
        padding-bottom: 0;
      }
      .end {
        justify-content: flex-end;
      }
      .content.end {
        padding-block: 8px;
      }
      .name > .quiet {
        display: block;
        font-size: 14px;
      }
    `];
	}
};
L([D({ attribute: !1 })], $.prototype, "recipes", void 0), L([D({ type: Boolean })], $.prototype, "isBusy", void 0), L([O()], $.prototype, "offered", void 0), L([O()], $.prototype, "removed", void 0), L([k("input[type=file]")], $.prototype, "chooser", void 0), L([k("device-backups-confirm")], $.prototype, "confirm", void 0);
// src/main.ts
var Fr = {
	"device-backups-confirm": Q,
	"device-backups-recipes": $,
	"device-backups-overview": W,
	"device-backups-device": G,
	"device-backups-compare": rr,
	"device-backups-restore": K,
	"device-backups-import": Y,
	"device-backups-packages": xr,
	"device-backups-power-cut": X,
	"device-backups-snapshots": Z,
	"device-backups-panel": R
};
for (let [e, t] of Object.entries(Fr)) customElements.get(e) || customElements.define(e, t);
export { P as pathOf };
